# Arguments: the mark (NAME=value) in the environment of all that belongs to the desktop, and the desktop's folder.
# Standard input: one line "pid birth" a process; its end means that the owner is gone.
mark=$1 folder=$2
trap '' INT HUP TERM
listed=
while read -r pid birth; do listed="$listed $pid:$birth"; done

# Prints the ids of all that still runs: not gone, not a zombie, and not another process under a reused id.
alive() {
    for entry in $listed; do
        pid=${entry%%:*}
        read -r stat 2>/dev/null <"/proc/$pid/stat" || continue
        set -- ${stat##*) }
        [ "${20}" = "${entry##*:}" ] && [ "$1" != Z ] && [ "$1" != X ] && echo "$pid"
    done
    for file in $(grep -lzsxF -e "$mark" /proc/[0-9]*/environ); do
        pid=${file#/proc/}
        echo "${pid%/environ}"
    done
}

round=0
while left=$(alive) && [ -n "$left" ] && [ "$round" -lt 150 ]; do
    case $round in
        0) kill -TERM $left 2>/dev/null ;;
        [1-9] | 1[0-9]) ;;
        *) kill -KILL $left 2>/dev/null ;;
    esac
    round=$((round + 1))
    sleep 0.1
done
rm -rf -- "$folder"
