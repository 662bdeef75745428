// What Discord offers while an option is typed. It waits three seconds for it, and asks at each key.
import type { APIApplicationCommandAutocompleteInteraction } from 'discord.js';
import type { Clock } from '../../clock.ts';
import type { Command, Dispatcher } from '../../commands/types.ts';
import type { Log } from '../../log.ts';
import type { DiscordApi } from './api.ts';
import { cutPlain } from './escape.ts';
import { limits } from './limits.ts';
import { readCommand } from './request.ts';
import { createResponder } from './responder.ts';
import type { Standings } from './standing.ts';

export interface CompletionDeps {
  readonly api: DiscordApi;
  readonly dispatcher: Dispatcher;
  readonly commands: readonly Command[];
  readonly standings: Standings;
  readonly clock: Clock;
  readonly log: Log;
}

/** Never rejects: a completion that fails, or takes too long, offers nothing. */
export async function completeOptions(
  interaction: APIApplicationCommandAutocompleteInteraction,
  { api, dispatcher, commands, standings, clock, log }: CompletionDeps,
): Promise<void> {
  try {
    const asked = readCommand(interaction.data, commands);
    const completing = standings
      .accountOf(interaction)
      .then((account) => dispatcher.complete({ account, ...asked }))
      .catch((err: unknown) => {
        log.warn({ interaction: interaction.id, err }, 'nothing could be completed');
        return [];
      });
    const late = clock.sleep(limits.completionWaitMs).then(() => []);
    const choices = (await Promise.race([completing, late]))
      .filter(({ label }) => label.length > 0 && label.length <= limits.choiceTextMax)
      .slice(0, limits.choicesMax)
      .map(({ label, help }) => ({
        name: cutPlain(
          help === '' || help === label ? label : `${label} · ${help}`,
          limits.choiceTextMax,
        ),
        value: label,
      }));
    await createResponder(api, interaction).complete(choices);
  } catch (err) {
    log.debug({ interaction: interaction.id, err }, 'a completion was not answered');
  }
}
