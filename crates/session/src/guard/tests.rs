use super::*;

fn window(app: &str, pid: u32, window: Option<u64>) -> WindowRef {
    WindowRef { app: app.to_owned(), pid, window }
}

fn editor() -> WindowRef {
    window("editor", 10, Some(100))
}

fn guard(target: Target) -> PasteGuard {
    PasteGuard { token: Token::FIRST, target, paste_when_unknown: false }
}

fn sight(front: Front) -> Sight {
    Sight { front, password_field: false, modifiers_held: false }
}

/// The verdict where nothing but the window matters.
fn verdict(guard: &PasteGuard, front: Front) -> Verdict {
    let gate = InjectionGate::default();
    guard.check(Injection::Text, calm(&gate, &sight(front)))
}

fn calm<'a>(gate: &'a InjectionGate, sight: &'a Sight) -> Moment<'a> {
    Moment { gate, wanted: true, current: Some(Token::FIRST), hotkey_held: false, sight }
}

#[test]
fn t5_the_window_of_the_begin_still_in_front_gets_the_text() {
    assert_eq!(verdict(&guard(Target::Bound(editor())), Front::Known(editor())), Verdict::Inject);
}

#[test]
fn t5_tl9_any_other_window_is_refused() {
    let guard = guard(Target::Bound(editor()));
    for (other, why) in [
        (window("terminal", 20, Some(200)), "another program"),
        (window("editor", 11, Some(100)), "another process of the same program"),
        (window("terminal", 10, Some(100)), "another program that got the old process number"),
        (window("editor", 10, Some(101)), "another window of the same process"),
    ] {
        assert_eq!(verdict(&guard, Front::Known(other)), Verdict::Refuse(Refusal::TargetLost), "{why}");
    }
}

#[test]
fn t5_a_system_that_knows_programs_but_no_windows_is_compared_by_program() {
    let program = window("editor", 10, None);
    assert_eq!(
        verdict(&guard(Target::Bound(program.clone())), Front::Known(program.clone())),
        Verdict::Inject
    );
    // Known once and not the other time: it may be another window.
    let half_known = Verdict::Refuse(Refusal::TargetUnknown);
    assert_eq!(verdict(&guard(Target::Bound(editor())), Front::Known(program.clone())), half_known);
    assert_eq!(verdict(&guard(Target::Bound(program)), Front::Known(editor())), half_known);
}

#[test]
fn t5_what_is_not_known_is_refused_unless_the_user_allows_it() {
    for (target, front) in [
        (Target::Unknown, Front::Unknown),
        (Target::Unknown, Front::Known(editor())),
        (Target::Bound(editor()), Front::Unknown),
    ] {
        let mut guard = guard(target);
        assert_eq!(verdict(&guard, front.clone()), Verdict::Refuse(Refusal::TargetUnknown));
        guard.paste_when_unknown = true;
        assert_eq!(verdict(&guard, front), Verdict::Inject);
    }
}

#[test]
fn t5_paste_when_unknown_does_not_excuse_a_window_that_is_known_to_be_wrong() {
    let guard = PasteGuard { paste_when_unknown: true, ..guard(Target::Bound(editor())) };
    let other = Front::Known(window("terminal", 20, None));
    assert_eq!(verdict(&guard, other), Verdict::Refuse(Refusal::TargetLost));
}

#[test]
fn t5_a_session_of_our_own_window_goes_wherever_the_user_is() {
    let guard = guard(Target::Unbound);
    assert_eq!(verdict(&guard, Front::Known(editor())), Verdict::Inject);
    assert_eq!(verdict(&guard, Front::Unknown), Verdict::Inject);
}

#[test]
fn k1_a_target_is_bound_to_the_window_in_front_at_the_begin() {
    assert_eq!(Target::of(Front::Known(editor())), Target::Bound(editor()));
    assert_eq!(Target::of(Front::Unknown), Target::Unknown);
}

#[test]
fn t6_each_injection_is_judged_by_what_is_so_then() {
    let guard = guard(Target::Bound(editor()));
    let gate = InjectionGate::default();
    let there = sight(Front::Known(editor()));
    let elsewhere = sight(Front::Known(window("terminal", 20, Some(200))));
    for what in [Injection::Text, Injection::Undo, Injection::Return] {
        assert_eq!(guard.check(what, calm(&gate, &there)), Verdict::Inject);
        let refused = Verdict::Refuse(Refusal::TargetLost);
        assert_eq!(guard.check(what, calm(&gate, &elsewhere)), refused, "{what:?}");
    }
}

#[test]
fn t6_k34_a_return_is_left_out_once_another_session_has_the_screen() {
    let guard = guard(Target::Bound(editor()));
    let gate = InjectionGate::default();
    let sight = sight(Front::Known(editor()));
    let moment = Moment { current: Some(Token::FIRST.next()), ..calm(&gate, &sight) };
    assert_eq!(guard.check(Injection::Return, moment), Verdict::Refuse(Refusal::NotCurrent));
    assert_eq!(
        guard.check(Injection::Text, moment),
        Verdict::Inject,
        "queued words still go into their own window"
    );
}

#[test]
fn t6_what_was_called_off_is_never_injected() {
    let gate = InjectionGate::default();
    let sight = sight(Front::Known(editor()));
    for target in [Target::Bound(editor()), Target::Unbound, Target::Unknown] {
        let guard = PasteGuard { paste_when_unknown: true, ..guard(target) };
        let moment = Moment { wanted: false, ..calm(&gate, &sight) };
        assert_eq!(guard.check(Injection::Text, moment), Verdict::Refuse(Refusal::CalledOff));
    }
}

#[test]
fn t7_after_quit_began_nothing_is_injected_whatever_else_is_so() {
    let mut gate = InjectionGate::default();
    let sight = sight(Front::Known(editor()));
    let guard = guard(Target::Bound(editor()));
    assert_eq!(guard.check(Injection::Text, calm(&gate, &sight)), Verdict::Inject);
    gate.close();
    gate.close();
    for what in [Injection::Text, Injection::Undo, Injection::Return] {
        assert_eq!(guard.check(what, calm(&gate, &sight)), Verdict::Refuse(Refusal::Quitting), "{what:?}");
    }
    assert!(gate.is_closed());
}

#[test]
fn t5_a_password_field_is_refused_even_in_the_right_window() {
    let gate = InjectionGate::default();
    let sight = Sight { password_field: true, ..sight(Front::Known(editor())) };
    for target in [Target::Bound(editor()), Target::Unbound] {
        let verdict = guard(target).check(Injection::Text, calm(&gate, &sight));
        assert_eq!(verdict, Verdict::Refuse(Refusal::PasswordField));
    }
}

#[test]
fn t5_held_keys_make_it_wait_but_do_not_hide_a_lost_window() {
    let gate = InjectionGate::default();
    let guard = guard(Target::Bound(editor()));
    let held = Sight { modifiers_held: true, ..sight(Front::Known(editor())) };
    let moment = calm(&gate, &held);
    assert_eq!(guard.check(Injection::Text, moment), Verdict::Wait(Wait::ModifierHeld));
    let speaking = Moment { hotkey_held: true, ..moment };
    assert_eq!(guard.check(Injection::Text, speaking), Verdict::Wait(Wait::HotkeyHeld));
    let elsewhere = Sight { modifiers_held: true, ..sight(Front::Known(window("terminal", 20, None))) };
    let verdict = guard.check(Injection::Text, calm(&gate, &elsewhere));
    assert_eq!(verdict, Verdict::Refuse(Refusal::TargetLost), "waiting would not bring it back");
}

#[test]
fn t5_the_user_is_told_why_except_of_what_the_user_did() {
    assert_eq!(Refusal::TargetLost.undelivered(), Some(Undelivered::TargetLost));
    assert_eq!(Refusal::TargetUnknown.undelivered(), Some(Undelivered::TargetUnknown));
    assert_eq!(Refusal::PasswordField.undelivered(), Some(Undelivered::PasswordField));
    assert_eq!(Refusal::Quitting.undelivered(), Some(Undelivered::Quit));
    assert_eq!(Refusal::CalledOff.undelivered(), None);
}

#[test]
fn k1_a_target_survives_being_stored() {
    for target in
        [Target::Bound(editor()), Target::Bound(window("a", 1, None)), Target::Unknown, Target::Unbound]
    {
        let stored = serde_json::to_string(&target).unwrap();
        assert_eq!(serde_json::from_str::<Target>(&stored).unwrap(), target, "{stored}");
    }
}
