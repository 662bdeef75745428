// How a command is declared. Declared once: parsing, completion, usage, help and later the Slack
// manifest and the Discord registration are made from it.
import type { BalanceDesk } from '../balances.ts';
import type { Clock } from '../clock.ts';
import type { Provider, ProviderModule } from '../providers/types.ts';
import type { Person, Role, Team } from '../team.ts';
import type { Card } from './card.ts';

/** An account on a chat platform; the person behind it is looked up in the team file. */
export interface Account {
  readonly platform: 'slack' | 'discord' | 'playground';
  /** The workspace, on Slack. */
  readonly team?: string;
  readonly user: string;
}

export interface Outcome {
  readonly card: Card;
  /** Answers with money in them are for the asker until they share them. */
  readonly audience: 'asker' | 'channel';
}

/** A provider that is switched on. */
export interface ConnectedProvider {
  readonly module: ProviderModule;
  readonly provider: Provider;
  /** Where it is asked: a host name, without credentials. */
  readonly host: string;
  readonly isSandbox: boolean;
}

export type ArgumentKind = 'provider' | 'provider_or_all' | 'currency';

export interface Argument {
  readonly name: string;
  readonly kind: ArgumentKind;
  readonly isRequired: boolean;
  readonly help: string;
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
  readonly commands: readonly Command[];
}

export interface CommandContext extends World {
  readonly person: Person;
  readonly reference: string;
  /** Shows what is known so far; the outcome replaces it. */
  progress(card: Card): void;
}

/** Parsed values by argument name: a provider id or `all`, a currency code. */
export type Arguments = Readonly<Record<string, string | undefined>>;

export interface Command {
  /** `['balance']` or `['purser', 'help']`. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly arguments: readonly Argument[];
  /** Any one of these roles will do; empty means every person of the team. */
  readonly roles: readonly Role[];
  /** Lines that work as they stand in the playground. */
  readonly examples: readonly string[];
  run(context: CommandContext, values: Arguments): Promise<Outcome>;
}

/** One completion of a line that is being typed. */
export interface Suggestion {
  /** The whole line after taking it. */
  readonly line: string;
  readonly label: string;
  readonly help: string;
}

export interface Dispatcher {
  /** Never rejects: whatever goes wrong becomes a card that says so. */
  run(
    input: { account: Account; line: string },
    onProgress: (card: Card) => void,
  ): Promise<Outcome>;
  press(input: { account: Account; action: string }): Promise<Outcome>;
  complete(input: { account: Account; line: string }): readonly Suggestion[];
}
