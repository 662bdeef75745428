// From an interaction of Discord until its callback is here, at a command and at buttons, one by one
// and 200 at once: the whole Purser beside a discord.js client that only defers.
import { readComponents } from '../test/bots/discord-reading.ts';
import type { Message } from '../test/bots/discord-server/index.ts';
import { ana, type Chats, discordRoom, type Person } from './apps.ts';
import { type Result, toLimit, toRatio } from './measure.ts';
import { type Act, compareTogether, compareTurns, firstWarmUp, until, withScene } from './scene.ts';

const names = {
  command: 'discord-callback-ratio',
  button: 'discord-button-ratio',
  together: 'discord-200-p99-ms',
};
const mostRatio = 1.3;
const mostMs = 500;

export async function benchDiscord(isWanted: (name: string) => boolean): Promise<Result[]> {
  if (!Object.values(names).some(isWanted)) return [];
  return withScene(async ({ ours: whole, floor: bare, crowd }) => {
    const { state } = whole.discord.server;
    const card = [...state.messages.values()].find((one) => findApprove(one) !== undefined);
    if (card === undefined) throw new Error('Purser shows no payout');
    bare.discord.server.state.messages.set(card.id, { ...card });
    const ours = createDesk(whole, card, true);
    const floor = createDesk(bare, card, false);
    const results: Result[] = [];
    const warmUp = () => (results.length === 0 ? firstWarmUp : undefined);
    if (isWanted(names.command)) {
      const times = await compareTurns(ours.command, floor.command, warmUp());
      results.push(toRatio(names.command, times, { unit: 'ms', most: mostRatio }));
    }
    if (isWanted(names.button)) {
      // The first click asks whether one is sure, the second decides: the slower of the two counts.
      const asking = await compareTurns(ours.ask, floor.ask, warmUp());
      const deciding = await compareTurns(ours.decide, floor.decide);
      console.log('discord, button that asks first', asking, 'and that decides', deciding);
      const isAsking = asking.ours / asking.floor > deciding.ours / deciding.floor;
      const slower = isAsking ? asking : deciding;
      results.push(toRatio(names.button, slower, { unit: 'ms', most: mostRatio }));
    }
    if (isWanted(names.together)) {
      const times = await compareTogether(
        () => ours.together(crowd),
        () => floor.together(crowd),
      );
      results.push(toLimit(names.together, times, mostMs));
    }
    const complaints = [...whole.discord.complaints(), ...bare.discord.complaints()];
    if (complaints.length > 0) throw new Error(`Discord complains: ${complaints.join('; ')}`);
    return results;
  });
}

function findApprove(message: Pick<Message, 'components'>) {
  return readComponents(message.components).buttons.find(({ label }) => label === 'Approve');
}

interface Desk {
  readonly command: Act;
  readonly ask: Act;
  readonly decide: Act;
  together(crowd: readonly Person[]): Promise<number[]>;
}

/** A bare app is done when it has called back; Purser answers after that, unless it only asked. */
function createDesk({ discord: { server } }: Chats, card: Message, isAnswering: boolean): Desk {
  const approve = findApprove(card);
  if (approve === undefined) throw new Error('the card has no button');
  const action = approve.customId.replace(/^~ask:/, '');
  const requests = server.requests as string[];
  const answers = () => requests.filter((one) => / \/webhooks\//.test(one)).length;
  const kept = new Set(server.state.messages.keys());

  const measure = async (what: Parameters<typeof server.act>[0]): Promise<number> => {
    const startedAt = performance.now();
    const interaction = await server.act(what);
    if (interaction?.answeredAtMs === undefined) throw new Error('an interaction was not answered');
    // How carefully this Discord looks at what it got is not the bot's time.
    return interaction.answeredAtMs - startedAt;
  };
  const settled = async (count: number) => {
    if (isAnswering) await until(() => answers() >= count);
    // What is shown piles up at nobody's cost.
    for (const id of server.state.messages.keys()) {
      if (!kept.has(id)) server.state.messages.delete(id);
    }
  };
  const type = (user: string) => {
    const options = [{ type: 1, name: 'help', options: [] }];
    const guild_id = server.state.guild;
    const data = { id: '600000000000000001', type: 1, name: 'purser', options, guild_id };
    return measure({ kind: 'command', user, channel: discordRoom, data });
  };
  const click = (customId: string) => (user: string) =>
    measure({
      kind: 'component',
      user,
      channel: discordRoom,
      source: card,
      data: { component_type: 2, custom_id: customId, id: 1 },
    });
  const ask = click(approve.customId);
  // Refused by the payout's own rules: she asked for it herself, and the others approve nothing.
  const decide = click(`~yes:${card.id}:${action}`);
  const once =
    (act: (user: string) => Promise<number>, count: number): Act =>
    async () => {
      requests.length = 0;
      const ms = await act(ana.discord.user);
      await settled(count);
      return ms;
    };

  return {
    command: once(type, 1),
    ask: once(ask, 0),
    decide: once(decide, 1),
    async together(crowd) {
      requests.length = 0;
      const acts = [type, decide];
      const times = await Promise.all(
        crowd.map(({ discord: { user } }, at) => (acts[at % 2] ?? type)(user)),
      );
      await settled(crowd.length);
      return times;
    },
  };
}
