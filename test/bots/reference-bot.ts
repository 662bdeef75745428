// The smallest honest bot, on a chat that is a list of messages in memory. The contract's facts are
// proven on it; each quirk breaks it in one way, so that they can be seen to fail.
import type { Bot } from '../../src/bots/types.ts';
import type { Card, Form } from '../../src/commands/card.ts';
import type { Account, Dispatcher, Outcome } from '../../src/commands/types.ts';
import { BotError } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { Chat, Seen } from './chat.ts';

/** What this bot does wrong, each on purpose. */
export type Quirk =
  | 'shouts'
  | 'whispers'
  | 'keeps progress'
  | 'forgets words'
  | 'trusts text'
  | 'cuts silently'
  | 'loses files'
  | 'repeats errors'
  | 'drops the writer'
  | 'presses for another'
  | 'overwrites'
  | 'forgets lines'
  | 'forgets values'
  | 'forgets errors'
  | 'forgets arguments'
  | 'always opens'
  | 'forgets buttons'
  | 'posts elsewhere'
  | 'never changes'
  | 'always changes'
  | 'finds anything'
  | 'posts anywhere'
  | 'ignores threads'
  | 'tells everybody'
  | 'never notifies'
  | 'hides pictures'
  | 'obeys twice'
  | 'gives up silently'
  | 'stays deaf'
  | 'stops once';

export interface ReferenceChat extends Chat {
  readonly accountOf: (who: string) => Account;
  connect(bot: ReferenceLink): void;
}

interface ReferenceLink {
  line(who: string, channel: string, line: string): Promise<void>;
  press(who: string, message: Message, label: string): Promise<void>;
  submit(who: string, form: Form, values: Readonly<Record<string, string>>): Promise<void>;
}

interface Message {
  readonly id: string;
  readonly channel: string;
  readonly onlyFor?: string;
  readonly under?: string;
  card: Card;
  file?: { name: string; text: string };
}

const rowsMax = 100;

export function createReferenceBot(
  { dispatcher, log }: { dispatcher: Dispatcher; log: Log },
  quirks: ReadonlySet<Quirk> = new Set(),
) {
  const has = (quirk: Quirk) => quirks.has(quirk);
  const messages: Message[] = [];
  const forms = new Map<string, Form>();
  const people = ['ana', 'ben'];
  const channels = ['general', 'approvals'];
  let ids = 0;
  let isAway = false;
  let hasRestarted = false;
  let stops = 0;
  let waiting: (() => void)[] = [];
  let last: (() => Promise<void>) | undefined;
  const accountOf = (user: string): Account => ({ platform: 'playground', user });

  const put = (message: Omit<Message, 'id'>): Message => {
    ids += 1;
    const made: Message = { ...message, id: `m${ids}` };
    messages.push(made);
    return made;
  };

  async function deliver(who: string, channel: string, outcome: Outcome): Promise<void> {
    if (isAway) {
      if (has('gives up silently')) return;
      log.warn({}, 'an answer could not be delivered yet');
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    const { card, audience, file } = outcome;
    if (card.form !== undefined) {
      const { form } = card;
      const fields = form.fields.map((field) => {
        const { error: _error, value: _value, ...bare } = field;
        return has('forgets errors') ? bare : field;
      });
      forms.set(who, { ...form, fields });
      return;
    }
    if (has('always opens')) forms.set(who, { action: 'x:', title: '', submit: '', fields: [] });
    const isPrivate = has('shouts') ? false : has('whispers') ? true : audience === 'asker';
    put({
      channel,
      card: has('forgets words') ? { ...card, notes: [] } : card,
      ...(isPrivate ? { onlyFor: who } : {}),
      ...(file === undefined || has('loses files') ? {} : { file }),
    });
  }

  const ask = async (work: () => Promise<Outcome>): Promise<Outcome> => {
    try {
      return await work();
    } catch (error) {
      const text = has('repeats errors') ? String(error) : 'The log has the cause.';
      return {
        audience: 'asker',
        card: { tone: 'bad', title: 'Purser could not answer', text },
      };
    }
  };

  const link: ReferenceLink = {
    async line(who, channel, line) {
      const account = accountOf(has('drops the writer') ? 'ana' : who);
      const progress = new Set<Message>();
      const outcome = await ask(() =>
        dispatcher.run({ account, spot: { channel }, line }, (card) => {
          progress.add(put({ channel, card, onlyFor: who }));
        }),
      );
      if (!has('keeps progress')) {
        for (const one of progress) messages.splice(messages.indexOf(one), 1);
      }
      await deliver(who, channel, outcome);
    },
    async press(who, message, label) {
      if (hasRestarted && has('forgets buttons')) return;
      const button = message.card.buttons?.find((one) => one.label === label);
      if (button === undefined) {
        if (!has('forgets lines')) await this.line(who, message.channel, label);
        return;
      }
      const account = accountOf(has('presses for another') ? 'ana' : who);
      const spot = { channel: message.channel, message: message.id };
      const [name] = button.action.split(':', 1);
      const action = has('forgets arguments') ? `${name}:` : button.action;
      const outcome = await ask(() => dispatcher.press({ account, spot, action }));
      if (has('overwrites')) message.card = outcome.card;
      else await deliver(who, message.channel, outcome);
    },
    async submit(who, form, values) {
      const given = has('forgets values') ? {} : values;
      const outcome = await ask(() =>
        dispatcher.press({
          account: accountOf(who),
          spot: { channel: 'general' },
          action: form.action,
          values: given,
        }),
      );
      forms.delete(who);
      await deliver(who, 'general', outcome);
    },
  };

  const bot: Bot = {
    platform: 'playground',
    servedBy: 'every',
    check: async () => [],
    start: async () => ({ line: 'started' }),
    async stop() {
      stops += 1;
      if (stops > 1 && has('stops once')) throw new Error('it has stopped already');
    },
    poster: {
      platform: 'playground',
      hasThreads: true,
      async post(channel, card, under) {
        const isThere = channels.includes(channel) || has('posts anywhere');
        if (!isThere) throw new BotError('There is no such channel.');
        const { mentions, picture, ...rest } = card;
        const shown: Card = {
          ...rest,
          ...(mentions === undefined || has('never notifies') ? {} : { mentions }),
          ...(picture === undefined || has('hides pictures') ? {} : { picture }),
        };
        const where = has('posts elsewhere') ? 'general' : channel;
        const isUnder = under !== undefined && !has('ignores threads');
        return put({ channel: where, card: shown, ...(isUnder ? { under } : {}) }).id;
      },
      async update(_channel, id, card) {
        if (has('never changes')) return true;
        const message = messages.find((one) => one.id === id);
        if (message !== undefined) message.card = card;
        return message !== undefined || has('always changes');
      },
      async tell({ user }, card) {
        put({ channel: 'dm', card, ...(has('tells everybody') ? {} : { onlyFor: user }) });
      },
      async find(channel, mark) {
        const isIt = (one: Message) => one.channel === channel && one.card.mark === mark;
        return messages.findLast((one) => has('finds anything') || isIt(one))?.id;
      },
    },
  };

  const toSeen = (message: Message): Seen => {
    const { card, file, under } = message;
    const { picture } = card;
    return {
      id: message.id,
      title: card.title,
      words: wordsOf(card, has('cuts silently')),
      buttons: [...(card.buttons ?? []).map(({ label }) => label), ...(card.suggestions ?? [])],
      isPrivate: message.onlyFor !== undefined,
      ...(under === undefined ? {} : { under }),
      pictures: picture === undefined ? [] : [{ alt: picture.alt, bytes: picture.png.length }],
      files: file === undefined ? [] : [{ name: file.name, text: file.text }],
      mentions: has('trusts text') && card.text?.includes('@') ? people : (card.mentions ?? []),
    };
  };

  /** What reaches the bot, and once more when it is delivered again. */
  const reach = async (work: () => Promise<void>) => {
    last = has('obeys twice') ? work : undefined;
    if (isAway || has('stays deaf')) return;
    void work();
  };
  const look = (who: string, channel: string) =>
    messages
      .filter((one) => one.channel === channel && [undefined, who].includes(one.onlyFor))
      .map(toSeen);

  const chat: Chat = {
    platform: 'playground',
    type: (who, channel, line) => reach(() => link.line(who, channel, line)),
    async press(who, { id }, label) {
      const message = messages.find((one) => one.id === id);
      if (message !== undefined) await reach(() => link.press(who, message, label));
    },
    async submit(who, values) {
      const form = forms.get(who);
      if (form === undefined) throw new Error(`no form is open before ${who}`);
      await reach(() => link.submit(who, form, values));
    },
    form(who) {
      const form = forms.get(who);
      return (
        form && {
          title: form.title,
          words: form.title,
          fields: form.fields.map(({ label, value = '', error }) =>
            error === undefined ? { label, value } : { label, value, error },
          ),
        }
      );
    },
    look,
    async until(who, channel, fits) {
      for (let turn = 0; turn < 200; turn += 1) {
        const found = look(who, channel).find(fits);
        if (found !== undefined) return found;
        await Promise.resolve();
      }
      throw new Error(`it is not in ${channel}: ${JSON.stringify(look(who, channel))}`);
    },
    async remove({ id }) {
      messages.splice(0, messages.length, ...messages.filter((one) => one.id !== id));
    },
    async redeliver() {
      await last?.();
    },
    async away() {
      isAway = true;
    },
    async back() {
      isAway = false;
      for (const open of waiting) open();
      waiting = [];
    },
    complaints: () => [],
    stop: async () => {},
  };
  return {
    bot,
    chat,
    accountOf,
    restart: async () => {
      hasRestarted = true;
      return bot;
    },
  };
}

function wordsOf(card: Card, isCutSilently: boolean): string {
  const { title, text, fields, table, notes, reference, mark } = card;
  const rows = (table?.groups ?? []).flatMap((group) => [
    [group.title, group.status, group.text].filter((part) => part !== undefined).join(' '),
    ...group.rows.map((row) => row.map((cell) => cell.text).join(' ')),
  ]);
  const more = rows.length > rowsMax && !isCutSilently ? `${rows.length - rowsMax} more rows` : '';
  return [
    title,
    text,
    ...(fields ?? []).map(({ label, value }) => `${label} ${value}`),
    ...(table?.columns ?? []).map(({ label }) => label),
    ...rows.slice(0, rowsMax),
    more,
    ...(notes ?? []),
    reference,
    mark,
  ].join('\n');
}
