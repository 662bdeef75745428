// From an envelope of Slack until its acknowledgement is back, at a command, a button and a form, one
// by one and 200 at once: the whole Purser beside a Bolt app that only says `ack()`.
import { readBlocks } from '../test/bots/slack-reading.ts';
import type { Acknowledged } from '../test/bots/slack-server/delivery.ts';
import type { SlackMessage, SlackView } from '../test/bots/slack-server/workspace.ts';
import { ana, type Chats, type Person, slackRoom } from './apps.ts';
import { type Result, toLimit, toRatio } from './measure.ts';
import {
  type Act,
  compareTogether,
  compareTurns,
  firstWarmUp,
  type Scene,
  until,
  withScene,
} from './scene.ts';

const names = {
  ack: 'slack-ack-ratio',
  button: 'slack-button-ratio',
  modal: 'slack-modal-ratio',
  together: 'slack-200-p99-ms',
};
const mostRatio = 1.3;
const mostMs = 500;
const line = '/purser help';

export async function benchSlack(isWanted: (name: string) => boolean): Promise<Result[]> {
  if (!Object.values(names).some(isWanted)) return [];
  return withScene(async (scene) => {
    const shown = await showAll(scene);
    const ours = createDesk(scene.ours, shown, true);
    const floor = createDesk(scene.floor, shown, false);
    const results: Result[] = [];
    for (const name of ['ack', 'button', 'modal'] as const) {
      if (!isWanted(names[name])) continue;
      const times = await compareTurns(
        ours[name],
        floor[name],
        results.length === 0 ? firstWarmUp : undefined,
      );
      results.push(toRatio(names[name], times, { unit: 'ms', most: mostRatio }));
    }
    if (isWanted(names.together)) {
      const times = await compareTogether(
        () => ours.together(scene.crowd),
        () => floor.together(scene.crowd),
      );
      results.push(toLimit(names.together, times, mostMs));
    }
    const complaints = [...scene.ours.slack.complaints(), ...scene.floor.slack.complaints()];
    if (complaints.length > 0) throw new Error(`Slack complains: ${complaints.join('; ')}`);
    return results;
  });
}

/** The card of a payout that waits, and an empty form for another. */
interface Shown {
  readonly card: SlackMessage;
  readonly form: SlackView;
}

async function showAll({ ours, floor }: Scene): Promise<Shown> {
  const { workspace } = ours.slack.server;
  const card = workspace.messages.find(({ blocks }) => findApprove(blocks) !== undefined);
  await ours.slack.type(ana.id, slackRoom, '/payout');
  await until(() => workspace.views.has(ana.slack.user));
  const form = workspace.views.get(ana.slack.user);
  if (card === undefined || form === undefined) throw new Error('Purser shows too little');
  floor.slack.server.workspace.messages.push({ ...card });
  return { card, form: { ...form } };
}

function findApprove(blocks: SlackMessage['blocks']) {
  return readBlocks(blocks).buttons.find(({ label }) => label === 'Approve');
}

interface Desk {
  readonly ack: Act;
  readonly button: Act;
  readonly modal: Act;
  together(crowd: readonly Person[]): Promise<number[]>;
}

/** A bare app is done when it has acknowledged; Purser answers after that, each time. */
function createDesk({ slack }: Chats, { card, form }: Shown, isAnswering: boolean): Desk {
  const { workspace, people, calls } = slack.server;
  const kept = workspace.messages.length;
  const approve = findApprove(card.blocks);
  if (approve === undefined) throw new Error('the card has no button');
  const answers = () =>
    calls.filter(({ method }) => method === 'respond' || method === 'views.update').length;

  const settled = async (count: number) => {
    if (isAnswering) await until(() => answers() >= count);
    // What is shown piles up at nobody's cost.
    workspace.messages.length = kept;
    (calls as unknown[]).length = 0;
  };
  const type = (user: string) => people.command(user, slackRoom, line);
  // Refused by the payout's own rules: she asked for it herself, and the others approve nothing.
  const press = (user: string) => people.press(user, card, approve);
  const submit = (user: string) => {
    const view = { ...form, id: workspace.newId('V'), hash: workspace.newId('h'), user };
    workspace.views.set(user, view);
    return people.submit(user, { payee: 'maria', amount: '12.50', currency: 'USD' });
  };
  const once =
    (act: (user: string) => Promise<Acknowledged | undefined>): Act =>
    async () => {
      (calls as unknown[]).length = 0;
      const ms = timeOf(await act(ana.slack.user));
      await settled(1);
      return ms;
    };

  return {
    ack: once(type),
    button: once(press),
    modal: once(submit),
    async together(crowd) {
      (calls as unknown[]).length = 0;
      const acts = [type, press, submit];
      const acting = crowd.map(({ slack: { user } }, at) => (acts[at % 3] ?? type)(user));
      const times = (await Promise.all(acting)).map(timeOf);
      await settled(crowd.length);
      return times;
    },
  };
}

function timeOf(acknowledged: Acknowledged | undefined): number {
  if (acknowledged === undefined) throw new Error('an envelope was not acknowledged');
  return acknowledged.afterMs;
}
