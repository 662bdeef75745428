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
  readonly picture?: Picture;
  /** Small print, one sentence each. */
  readonly notes?: readonly string[];
  /** Command lines that the person may want next; one click asks them. */
  readonly suggestions?: readonly string[];
  readonly buttons?: readonly Button[];
  /** While work goes on: how many of how many are done. */
  readonly progress?: { readonly done: number; readonly of: number };
  /** Values to be filled in: inside the card, or a dialog where the platform has one. */
  readonly form?: Form;
  /** Stands in the log too: a person can name it when asking for help. */
  readonly reference?: string;
  /** Ids of persons who are to be notified, by the platform's own means. */
  readonly mentions?: readonly string[];
  /** In the small print: by this text a bot finds its own message again. */
  readonly mark?: string;
}

export interface Picture {
  /** `balances-2026-11-26.png` */
  readonly name: string;
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Says what it shows, for those who cannot see it. */
  readonly alt: string;
  /** The same as data, for a platform that draws charts itself. */
  readonly chart?: Chart;
}

/** Lines over the same categories, none of which is added to another. */
export interface Chart {
  readonly title: string;
  /** `26 Nov` */
  readonly categories: readonly string[];
  readonly series: readonly {
    readonly name: string;
    /** One for each category; undefined is a gap. For drawing only: money is in the table. */
    readonly values: readonly (number | undefined)[];
  }[];
}

export interface Field {
  readonly label: string;
  readonly value: string;
  /** Where it is told in full: an https address. */
  readonly link?: string;
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
  /** Where it is told in full: an https address, or what the poster of the platform gave. */
  readonly link?: string;
}

export interface Button {
  /** Opaque: says nothing about money; the rest is looked up when it is pressed. */
  readonly action: string;
  readonly label: string;
  readonly style: 'plain' | 'primary' | 'danger';
  /** Asked once more before anything happens: where money moves. */
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string };
}

export interface Form {
  /** Opaque, like a button's; comes back with the values. */
  readonly action: string;
  readonly title: string;
  readonly text?: string;
  /** The label of the button that sends it. */
  readonly submit: string;
  readonly fields: readonly FormField[];
}

export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  readonly kind: 'text' | 'long_text' | 'choice';
  /** For `choice`. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  readonly isRequired: boolean;
  readonly lengthMax: number;
  /** What it holds when it opens: a default, or what was typed before. */
  readonly value?: string;
  /** What is wrong with that value. */
  readonly error?: string;
}
