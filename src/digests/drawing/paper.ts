// Measures and colours of the picture. One picture goes to everybody, whatever theme they read in, so
// it has a ground of its own: a dark one stands firm on white and does not glare on black. Letters
// keep a contrast of 4.5 on it and lines one of 3 (test/digests/picture.test.ts).

/** Lengths are those of a phone, which shows a picture about this wide. */
export const paper = {
  width: 360,
  /** So many pixels for each: sharp where it is opened in full size. */
  density: 4,
  margin: 18,
  columnGap: 20,
  rowGap: 14,
  panelsMax: 6,
  /** Room for the figures of the vertical axis; more where they are longer. */
  axisWidth: 40,
  /** Of the row of days below a panel. */
  daysHeight: 18,
  /** Where there are none: what Chart.js keeps free for the lower half of the lowest figure. */
  overhang: 11.5,
  /** Smaller letters cannot be read on a phone. */
  textSize: 11,
  headSize: 12,
  titleSize: 14,
} as const;

/** Told apart without colour too: a line, dashes, dots, and a band where there is no data. */
export const colours = {
  ground: '#1e222b',
  gap: '#303645',
  grid: '#323846',
  zero: '#5c6475',
  text: '#f0f2f7',
  textSoft: '#a9b0be',
  line: '#6cb6ff',
  area: '#6cb6ff26',
  warning: '#f0b23e',
  critical: '#ff7b6b',
} as const;
