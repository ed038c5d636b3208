#!/usr/bin/env python3
"""Turns `tmux capture-pane -pe` on standard input into an SVG on standard output."""
import html
import re
import sys
import unicodedata

CELL_W, CELL_H, PAD = 9, 19, 14
BG, FG = "#14161a", "#d8dade"
COLOURS = ["#3a3f4a", "#e06c66", "#8cc570", "#dcb862", "#6aa5e8", "#c08ad8", "#58bcc4", "#d8dade",
           "#6b7280", "#f08a84", "#a8dc8c", "#f0d080", "#8cc0ff", "#dca8f0", "#7cdce4", "#ffffff"]


def width(ch):
    if unicodedata.combining(ch):
        return 0
    return 2 if unicodedata.east_asian_width(ch) in "WF" else 1


def apply(style, codes):
    codes = [int(c or 0) for c in codes.split(";")] if codes else [0]
    for c in codes:
        if c == 0:
            style = dict(fg=None, bg=None)
        elif c in (1, 2, 4, 7):
            style = {**style, c: True}
        elif c == 22:
            style = {k: v for k, v in style.items() if k not in (1, 2)}
        elif c in (24, 27):
            style = {k: v for k, v in style.items() if k != c - 20}
        elif 30 <= c <= 37 or 90 <= c <= 97:
            style = {**style, "fg": c - 30 if c < 90 else c - 82}
        elif 40 <= c <= 47:
            style = {**style, "bg": c - 40}
        elif c == 39:
            style = {**style, "fg": None}
        elif c == 49:
            style = {**style, "bg": None}
    return style


def run(out, x, y, text, cells, style):
    fg = FG if style["fg"] is None else COLOURS[style["fg"]]
    bg = None if style["bg"] is None else COLOURS[style["bg"]]
    if style.get(7):
        fg, bg = bg or BG, fg
    px, py, w = PAD + x * CELL_W, PAD + y * CELL_H, cells * CELL_W
    if bg:
        out.append(f'<rect x="{px}" y="{py}" width="{w}" height="{CELL_H}" fill="{bg}"/>')
    if text.strip() or style.get(4):
        shown = html.escape(text).replace(" ", "\u00a0")
        extra = ' font-weight="bold"' if style.get(1) else ""
        extra += ' opacity="0.6"' if style.get(2) else ""
        extra += ' text-decoration="underline"' if style.get(4) else ""
        out.append(f'<text x="{px}" y="{py + 14}" fill="{fg}" textLength="{w}" lengthAdjust="spacingAndGlyphs"{extra}>'
                   f'{shown}</text>')


def main():
    lines = sys.stdin.read().rstrip("\n").split("\n")
    out, cols, style = [], 0, dict(fg=None, bg=None)
    for y, line in enumerate(lines):
        x = 0
        for i, part in enumerate(re.split(r"\x1b\[([0-9;]*)m", line)):
            if i % 2:
                style = apply(style, part)
            elif part:
                cells = sum(map(width, part))
                run(out, x, y, part, cells, style)
                x += cells
        cols = max(cols, x)
    w, h = cols * CELL_W + 2 * PAD, len(lines) * CELL_H + 2 * PAD
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}">')
    print(f'<rect width="{w}" height="{h}" rx="8" fill="{BG}"/>')
    print('<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,\'DejaVu Sans Mono\',monospace" font-size="15" xml:space="preserve">')
    print("\n".join(out))
    print("</g></svg>")


main()
