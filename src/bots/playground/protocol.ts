// What the playground's server and its page say to each other. Types only: both sides compile it.
import type { Card } from '../../commands/card.ts';

export interface PersonView {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
}

/** `GET /api/team` */
export interface TeamView {
  readonly people: readonly PersonView[];
  readonly channels: readonly string[];
  /** Whether real money could move, in a sentence. */
  readonly money: string;
  readonly hasExamplePayees: boolean;
}

/** `GET /api/files/<id>?as=` gives it to those who see its message, while the playground keeps it. */
export interface FileView {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
}

/** From the same address as a file; gone when the playground keeps too many. */
export interface PictureView {
  readonly id: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly alt: string;
}

/** A card whose picture the browser fetches for itself. */
export type CardView = Omit<Card, 'picture'> & { readonly picture?: PictureView };

export type MessageBody =
  | { readonly kind: 'line'; readonly text: string }
  /** A command was taken and has nothing to show yet. */
  | { readonly kind: 'working' }
  | { readonly kind: 'card'; readonly card: CardView; readonly file?: FileView };

export interface Message {
  readonly id: string;
  readonly channel: string;
  /** A person's id; absent for Purser itself. */
  readonly author?: string;
  readonly atMs: number;
  /** Grows with each message of a boot; a changed message keeps it. */
  readonly position: number;
  /** The one person who sees it; everybody, when absent. */
  readonly onlyFor?: string;
  readonly body: MessageBody;
}

/** First event of every stream, `event: hello`. */
export interface Hello {
  /** Another one than before: the server was restarted and has forgotten every message. */
  readonly boot: string;
  readonly windows: number;
}

/** `event: beat`, sent now and then so that a dead connection is noticed. */
export interface Beat {
  /** Streams open to all windows; a browser allows six connections to one server. */
  readonly windows: number;
}

/**
 * `GET /api/complete` and `GET /api/waiting` answer lists: the commands' own Suggestion, without
 * their other types.
 */
export interface SuggestionView {
  /** The whole line after taking it. */
  readonly line: string;
  readonly label: string;
  readonly help: string;
}

/** `POST /api/lines` */
export interface LineRequest {
  readonly as: string;
  readonly channel: string;
  readonly text: string;
}

/** `POST /api/presses` */
export interface PressRequest {
  readonly as: string;
  readonly message: string;
  /** Of a button, or of a form with its values by field name. */
  readonly action: string;
  readonly values?: Readonly<Record<string, string>>;
}

/** What a press is answered with: the message that shows what came of it. */
export interface PressAnswer {
  readonly message: string;
}

/** The body of every answer that is not 2xx: a sentence for the person. */
export interface ErrorAnswer {
  readonly error: string;
}
