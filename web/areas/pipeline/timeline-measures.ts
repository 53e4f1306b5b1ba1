// Sizes in px that the rows of the timeline and its axis share.
export const NAME_WIDTH = 150;
export const ROW_HEIGHT = 28;
export const TRACK_INSET = 10; // on both sides, so that marks at the ends are whole
