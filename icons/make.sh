#!/bin/sh
# Draws the icon files from the SVG sources beside it. Run by hand after changing one (needs librsvg2-bin, imagemagick, icnsutils);
# the results are committed, so that no build needs these tools.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
for size in 16 24 32 48 64 128 256 512 1024; do rsvg-convert -w $size quoth.svg -o "$work/$size.png"; done
cp "$work/32.png" 32x32.png
cp "$work/128.png" 128x128.png
cp "$work/256.png" 128x128@2x.png
cp "$work/512.png" icon.png
convert "$work/16.png" "$work/24.png" "$work/32.png" "$work/48.png" "$work/64.png" "$work/256.png" icon.ico
png2icns icon.icns "$work/16.png" "$work/32.png" "$work/128.png" "$work/256.png" "$work/512.png" "$work/1024.png"
rsvg-convert -w 64 tray.svg -o tray.png
rsvg-convert -w 44 tray-template.svg -o tray-template.png
