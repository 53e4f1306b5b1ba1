// Where the parts of the shell stand, in pixels: what has to fit beside or below another reads it here.

export const PAGE_PX = 1680; // the widest that areas and page get together
export const NAV_PX = 204;
