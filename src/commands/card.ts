// A message as data. Commands compose cards, bots render them; a card holds plain text only, so a
// bot escapes everything and nothing in it can format, mention or run.

export type Tone = 'neutral' | 'good' | 'warning' | 'bad';

export interface Card {
  readonly tone: Tone;
  readonly title: string;
  /** One or more paragraphs, separated by `\n\n`. */
  readonly text?: string;
  readonly fields?: readonly Field[];
  readonly table?: Table;
  /** Small print, one sentence each. */
  readonly notes?: readonly string[];
  /** Command lines that the person may want next; one click asks them. */
  readonly suggestions?: readonly string[];
  readonly buttons?: readonly Button[];
  /** While work goes on: how many of how many are done. */
  readonly progress?: { readonly done: number; readonly of: number };
  /** Stands in the log too: a person can name it when asking for help. */
  readonly reference?: string;
}

export interface Field {
  readonly label: string;
  readonly value: string;
}

export interface Table {
  /** Says what the table holds, for those who cannot see it. */
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly groups: readonly Group[];
}

export interface Column {
  readonly label: string;
  readonly align: 'start' | 'end';
  /** The one column to read first. */
  readonly isHeadline?: boolean;
}

/** Rows that belong together: one provider. */
export interface Group {
  readonly title?: string;
  /** Beside the title: `0.2 s`, `live`, `timed out`. */
  readonly status?: string;
  readonly tone?: Tone;
  /** Below the title: why it failed and what to do. */
  readonly text?: string;
  readonly rows: readonly (readonly Cell[])[];
}

/** `quiet` is smaller and paler: a unit, or something that is not there. */
export interface Cell {
  readonly text: string;
  readonly tone?: Tone | 'quiet';
}

export interface Button {
  /** Opaque: says nothing about money; the rest is looked up when it is pressed. */
  readonly action: string;
  readonly label: string;
  readonly style: 'plain' | 'primary' | 'danger';
}
