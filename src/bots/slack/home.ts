// The app's own page: what waits for this person, and the balances. Opening it often must not flood
// the providers, so balances are read at most once a minute for each person unless they ask again.
import type { Clock } from '../../clock.ts';
import type { Card } from '../../commands/card.ts';
import type { Account, Dispatcher, Suggestion } from '../../commands/types.ts';
import type { Log } from '../../log.ts';
import type { SlackApi } from './api.ts';
import { toFailure } from './failure.ts';
import type { Block } from './layout.ts';
import { limits } from './limits.ts';
import { renderBlocks, renderButton } from './render.ts';
import type { Standing } from './standing.ts';
import { bold, plain, richText, section, words } from './text.ts';

export interface HomePage {
  /** Never rejects. */
  show(user: string): Promise<void>;
  /** Reads the balances again, whatever was read before. */
  refresh(user: string): Promise<void>;
}

interface Deps {
  readonly api: SlackApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly dispatcher: Dispatcher;
  readonly standing: Standing;
}

const balancesForMs = 60_000;
const waitingMax = 20;

export function createHomePage({ api, clock, log, dispatcher, standing }: Deps): HomePage {
  const read = new Map<string, { card: Card; atMs: number }>();
  const busy = new Map<string, Promise<void>>();

  const publish = (user: string, blocks: readonly Block[]) =>
    api.call((client) =>
      client.views.publish({
        user_id: user,
        view: { type: 'home', blocks: blocks.slice(0, limits.blocksInViewMax) as [] },
      }),
    );

  const draw = async (user: string, account: Account, balances: Card) => {
    const waiting = await dispatcher.listWaiting(account);
    const isTrusted = account.doubt === undefined;
    await publish(user, [
      ...(isTrusted ? renderWaiting(waiting) : []),
      ...renderBlocks(withoutSharing(balances), { surface: 'view' }),
      ...(isTrusted ? [renderRefresh()] : []),
    ]);
  };

  const work = async (user: string, isAsked: boolean) => {
    try {
      const account = await standing.getAccount(user);
      const known = read.get(user);
      const isFresh = known !== undefined && clock.now() - known.atMs < balancesForMs;
      if (isFresh && !isAsked && account.doubt === undefined)
        return await draw(user, account, known.card);
      await draw(user, account, account.doubt === undefined ? (known?.card ?? reading) : reading);
      const { card } = await dispatcher.run(
        { account, spot: { channel: 'home' }, line: '/balance' },
        () => {},
      );
      read.delete(user);
      read.set(user, { card, atMs: clock.now() });
      if (read.size > limits.standingsMax) read.delete([...read.keys()][0] ?? '');
      await draw(user, account, card);
    } catch (error) {
      log.warn({ user, err: toFailure(error) }, 'the page of the app could not be shown');
    }
  };

  /** One at a time for each person: of two the older could arrive last. */
  const queue = (user: string, isAsked: boolean): Promise<void> => {
    const before = busy.get(user);
    if (before !== undefined && !isAsked) return before;
    const next = (before ?? Promise.resolve()).then(() => work(user, isAsked));
    busy.set(user, next);
    return next.finally(() => {
      if (busy.get(user) === next) busy.delete(user);
    });
  };

  return {
    show: (user) => queue(user, false),
    refresh: (user) => queue(user, true),
  };
}

const reading: Card = {
  tone: 'neutral',
  title: 'Balances',
  text: 'The providers are being asked…',
};

/** There is no channel here to share anything in. */
function withoutSharing({ buttons = [], ...card }: Card): Card {
  return { ...card, buttons: buttons.filter(({ action }) => !action.startsWith('share:')) };
}

function renderWaiting(waiting: readonly Suggestion[]): Block[] {
  const title: Block = { type: 'header', text: plain('Waiting for you', limits.headerMax) };
  if (waiting.length === 0) return [title, richText(section(words('Nothing waits for you.')))];
  const shown = waiting.slice(0, waitingMax);
  const left = waiting.length - shown.length;
  return [
    title,
    ...shown.flatMap(({ line, label, help }, index): Block[] => [
      richText(section(bold(label), words(` — ${help}`))),
      {
        type: 'actions',
        elements: [
          renderButton(
            { action: `line:${line}`, label: 'Open', style: 'plain' },
            `waiting${index}`,
          ),
        ],
      },
    ]),
    ...(left === 0 ? [] : [richText(section(words(`… and ${left} more.`)))]),
    { type: 'divider' },
  ];
}

function renderRefresh(): Block {
  return {
    type: 'actions',
    elements: [
      renderButton({ action: 'home:refresh', label: 'Refresh', style: 'plain' }, 'refresh'),
    ],
  };
}
