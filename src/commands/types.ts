// How a command is declared. Declared once: parsing, completion, usage, help and later the Slack
// manifest and the Discord registration are made from it.
import type { BalanceDesk } from '../balances.ts';
import type { Clock } from '../clock.ts';
import type { DigestOffice } from '../digests/index.ts';
import type { ProviderError } from '../errors.ts';
import type { PayoutOffice } from '../payouts/index.ts';
import type { Place } from '../payouts/types.ts';
import type { Provider, ProviderModule } from '../providers/types.ts';
import type { Store } from '../store/types.ts';
import type { Person, Role, Team } from '../team.ts';
import type { Card } from './card.ts';

export type Platform = 'slack' | 'discord' | 'playground';

/** An account on a chat platform; the person behind it is looked up in the team file. */
export interface Account {
  readonly platform: Platform;
  /** The workspace, on Slack. */
  readonly team?: string;
  readonly user: string;
  /** Why the platform itself gives no reason to trust it; nothing is done for such an account. */
  readonly doubt?: Doubt;
}

/**
 * - `guest`: invited to some channels only; `foreign`: of another workspace or server
 * - `unverified`: the platform could not say just now
 */
export type Doubt = 'guest' | 'deactivated' | 'bot' | 'foreign' | 'unverified';

/** Where a person typed or clicked. */
export interface Spot {
  /** As the platform names it, without the platform. */
  readonly channel: string;
  /** The message with the button or form; absent for a typed line. */
  readonly message?: string;
}

/** A text file that is given with a card. */
export interface TextFile {
  readonly name: string;
  readonly contentType: string;
  readonly text: string;
}

export interface Outcome {
  readonly card: Card;
  /** Answers with money in them are for the asker until they share them. */
  readonly audience: 'asker' | 'channel';
  /** Goes to whoever gets the card. */
  readonly file?: TextFile;
  /** Of providers, told on the card: the log has each under the card's reference. */
  readonly failures?: readonly ProviderError[];
  /** The card takes the place of the one whose button or form was used, if only its user saw that. */
  readonly isInPlace?: boolean;
}

/** A provider that is switched on. */
export interface ConnectedProvider {
  readonly module: ProviderModule;
  readonly provider: Provider;
  /** Where it is asked: a host name, without credentials. */
  readonly host: string;
  readonly isSandbox: boolean;
}

/** `rest` takes every word that is left, as it was typed. */
export type ArgumentKind =
  | 'provider'
  | 'provider_or_all'
  | 'currency'
  | 'amount'
  | 'payee'
  | 'payout'
  | 'choice'
  | 'month'
  | 'rest';

export interface Argument {
  readonly name: string;
  readonly kind: ArgumentKind;
  readonly isRequired: boolean;
  readonly help: string;
  /** For `choice`. */
  readonly options?: readonly string[];
}

/** What every command may ask of the world. */
export interface World {
  readonly team: Team;
  readonly clock: Clock;
  /** In the registry's order. */
  readonly connected: readonly ConnectedProvider[];
  /** Every provider that Purser knows, connected or not. */
  readonly modules: readonly ProviderModule[];
  readonly balances: BalanceDesk;
  readonly payouts: PayoutOffice;
  readonly digests: DigestOffice;
  /** What another replica may need to know in a moment. */
  readonly memory: Pick<Store, 'remember' | 'recall'>;
  readonly commands: readonly Command[];
  readonly actions: readonly Action[];
}

/** Who asks, and how to speak of people. */
export interface ActionContext extends World {
  readonly person: Person;
  /** For the audit log. */
  readonly place: Place;
  readonly reference: string;
  /** By person id. */
  nameOf(person: string): string;
}

export interface CommandContext extends ActionContext {
  /** Shows what is known so far; the outcome replaces it. */
  progress(card: Card): void;
}

/** Parsed values by argument name: a provider id or `all`, a currency code, text as it was typed. */
export type Arguments = Readonly<Record<string, string | undefined>>;

export interface Command {
  /** `['balance']` or `['purser', 'help']`. */
  readonly path: readonly string[];
  /** A word after the path that may be typed and changes nothing: `/payout request …`. */
  readonly optionalWord?: string;
  /** No argument may be left out while later ones are given. */
  readonly isInOrder?: boolean;
  readonly summary: string;
  readonly arguments: readonly Argument[];
  /** Any one of these roles will do; empty means every person of the team. */
  readonly roles: readonly Role[];
  /** Lines that work as they stand in the playground. */
  readonly examples: readonly string[];
  readonly pace?: Pace;
  /** Its answer is a form, unless it is refused: some platforms must know before they acknowledge. */
  opensForm?(values: Arguments): boolean;
  run(context: CommandContext, values: Arguments): Promise<Outcome>;
}

/**
 * How fast one person may do it (rates.ts); `work`, which asks providers or makes records, when
 * absent. `decision`: much faster. `unlimited`: what must never be held up.
 */
export type Pace = 'work' | 'decision' | 'unlimited';

/** What a button or a form does. Its action reads `<name>:<argument>`. */
export interface Action {
  readonly name: string;
  /** As for commands. */
  readonly roles: readonly Role[];
  readonly pace?: Pace;
  /** Pressed as a button it asks for values, unless it is refused. */
  readonly opensForm?: boolean;
  /** `values` are those of a form; undefined for a button. */
  run(
    context: ActionContext,
    argument: string,
    values: Readonly<Record<string, string>> | undefined,
  ): Promise<Outcome>;
}

/** One completion of a line that is being typed. */
export interface Suggestion {
  /** The whole line after taking it. */
  readonly line: string;
  readonly label: string;
  readonly help: string;
}

/** What a person types. */
export interface TypedLine {
  readonly line: string;
  /**
   * Where a platform has the values by the name of their argument; the line is the command's words
   * then. Each is read as that argument, and as no other.
   */
  readonly named?: Readonly<Record<string, string>>;
}

/** One input of a person. */
interface By {
  readonly account: Account;
  readonly spot: Spot;
}

export interface Dispatcher {
  /** Never rejects: whatever goes wrong becomes a card that says so. */
  run(input: By & TypedLine, onProgress: (card: Card) => void): Promise<Outcome>;
  /** A button, or a form with its values. Never rejects. */
  press(
    input: By & { readonly action: string; readonly values?: Readonly<Record<string, string>> },
  ): Promise<Outcome>;
  /**
   * Whether the answer will be a form, as far as the declarations can tell. Does no I/O, so it can be
   * asked before anything is acknowledged.
   */
  opensForm(input: TypedLine | { readonly action: string }): boolean;
  complete(
    input: TypedLine & {
      readonly account: Account;
      /** The argument, among `named`, that is being typed: the label of a completion is its value. */
      readonly asked?: string;
    },
  ): Promise<readonly Suggestion[]>;
  /** What waits for this person, most urgent first: lines to run. */
  listWaiting(account: Account): Promise<readonly Suggestion[]>;
}

/** How Purser speaks without being asked: a bot's way into its channels. */
export interface Poster {
  readonly platform: Platform;
  /** Without threads, what would be told under a message is told by the message alone. */
  readonly hasThreads: boolean;
  /**
   * For everybody in the channel. Gives the message's id; throws `BotError`. `under` is a message
   * whose thread it belongs to; without threads it stands in the channel like any other.
   */
  post(channel: string, card: Card, under?: string): Promise<string>;
  /** Changes a posted card; false where the message is gone. Throws `BotError`. */
  update(channel: string, message: string, card: Card): Promise<boolean>;
  /** For this one person. Throws `BotError`. */
  tell(account: Account, card: Card): Promise<void>;
  /**
   * Purser's own message with that mark, the newest since then: known after a crash between posting
   * and writing it down. Throws `BotError` where the channel cannot be read.
   */
  find(channel: string, mark: string, sinceMs: number): Promise<string | undefined>;
  /** The address of a message, where the platform has addresses. */
  linkTo?(channel: string, message: string): string | undefined;
}
