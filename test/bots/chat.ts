// A chat platform as people use it, over the local servers: what they type and click, and what they
// see then. The bot contract, the stories and the disorder test speak this and nothing of Slack or
// Discord, so that the same test runs on each.

/** People of the tests, by their id in the team file. The platform's accounts are the driver's. */
export type Someone = string;

/** What stands on a screen, whatever the platform calls its parts. */
export interface Seen {
  /** Of the message; a form or a page that is no message has none. */
  readonly id: string;
  readonly title: string;
  /** Every word on it, title and small print included, as a reader sees them. */
  readonly words: string;
  readonly buttons: readonly string[];
  /** Only this person sees it. */
  readonly isPrivate: boolean;
  /** In the thread of that message. */
  readonly under?: string;
  readonly pictures: readonly { readonly alt: string; readonly bytes: number }[];
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** Persons whom it notifies. */
  readonly mentions: readonly Someone[];
}

export interface SeenForm {
  readonly title: string;
  readonly words: string;
  readonly fields: readonly {
    readonly label: string;
    readonly value: string;
    readonly error?: string;
    readonly options?: readonly string[];
  }[];
}

export interface Chat {
  readonly platform: 'slack' | 'discord' | 'playground';
  /** Types and sends a line; resolves when the platform has been answered, not when it is done. */
  type(who: Someone, channel: string, line: string): Promise<void>;
  /** Presses the button with that label on that message, and yes where it asks once more. */
  press(who: Someone, message: Seen, label: string): Promise<void>;
  /** Fills in the form that is open before this person, by label or name, and sends it. */
  submit(who: Someone, values: Readonly<Record<string, string>>): Promise<void>;
  /** The form that is open before this person. */
  form(who: Someone): SeenForm | undefined;
  /** What this person sees in the channel now, oldest first. Channel `dm` is what only they have. */
  look(who: Someone, channel: string): readonly Seen[];
  /** Resolves with the first that fits; rejects after ten seconds, with what is there instead. */
  until(who: Someone, channel: string, fits: (seen: Seen) => boolean): Promise<Seen>;
  /** What the platform offers while that much of a line is typed; absent where it offers nothing. */
  complete?(who: Someone, line: string): Promise<readonly string[]>;
  /** Somebody who may deletes the message. */
  remove(message: Seen): Promise<void>;
  /** The platform delivers the last thing that somebody did once more. */
  redeliver(): Promise<void>;
  /** The platform is out of reach, and comes back. What people do meanwhile never reaches Purser. */
  away(): Promise<void>;
  back(): Promise<void>;
  /** What the platform held against the bot so far: late or doubled answers, limits, wrong calls. */
  complaints(): readonly string[];
  stop(): Promise<void>;
}
