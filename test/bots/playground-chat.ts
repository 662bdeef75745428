// The chat driver over the playground: windows that read its stream and make its page's requests. How
// the page draws a card is the business of test/browser; here a card's words are those that it carries.
import type { Message } from '../../src/bots/playground/protocol.ts';
import type { Chat, Seen } from './chat.ts';
import { openStream, post, type StreamReader, say } from './playground-http.ts';

export interface PlaygroundChat extends Chat {
  readonly platform: 'playground';
}

type Card = Extract<Message['body'], { kind: 'card' }>['card'];

export async function startPlaygroundChat(
  url: string,
  people: readonly string[],
): Promise<PlaygroundChat> {
  const windows = new Map<string, StreamReader>();
  for (const who of people) windows.set(who, await openStream(url, who));
  const pictures = new Map<string, number>();
  const windowOf = (who: string): StreamReader => {
    const window = windows.get(who);
    if (window === undefined) throw new Error(`nobody here is ${who}`);
    return window;
  };

  /** Each message as it is now; what only this person sees is in its channel too. */
  const messagesOf = (who: string): Message[] => {
    const newest = new Map(
      windowOf(who)
        .messages()
        .map((one) => [one.id, one]),
    );
    return [...newest.values()].sort((a, b) => a.position - b.position);
  };
  const toSeen = (message: Message): Seen[] => {
    const { body, id, onlyFor } = message;
    if (body.kind !== 'card' || body.card.form !== undefined) return [];
    const { card, file } = body;
    const { picture } = card;
    return [
      {
        id,
        title: card.title,
        words: wordsOf(card),
        buttons: [...(card.buttons ?? []).map(({ label }) => label), ...(card.suggestions ?? [])],
        isPrivate: onlyFor !== undefined,
        pictures:
          picture === undefined ? [] : [{ alt: picture.alt, bytes: pictures.get(picture.id) ?? 0 }],
        files: file === undefined ? [] : [{ name: file.name, text: texts.get(file.id) ?? '' }],
        mentions: card.mentions ?? [],
      },
    ];
  };
  const texts = new Map<string, string>();
  /** Fetches what a window would fetch for itself. */
  const fetchFiles = async (who: string) => {
    for (const { body } of messagesOf(who)) {
      if (body.kind !== 'card') continue;
      const { picture } = body.card;
      const get = async (id: string) => await fetch(`${url}/api/files/${id}?as=${who}`);
      if (picture !== undefined && !pictures.has(picture.id)) {
        pictures.set(picture.id, (await (await get(picture.id)).arrayBuffer()).byteLength);
      }
      if (body.file !== undefined && !texts.has(body.file.id)) {
        texts.set(body.file.id, await (await get(body.file.id)).text());
      }
    }
  };
  const look = (who: string, channel: string) => {
    void fetchFiles(who).catch(() => {});
    return messagesOf(who)
      .filter((one) => one.channel === channel)
      .flatMap(toSeen);
  };
  const formOf = (who: string) =>
    messagesOf(who).findLast(
      ({ body, onlyFor }) =>
        body.kind === 'card' && body.card.form !== undefined && onlyFor === who,
    );
  const expectTaken = (status: number, text: string) => {
    if (status >= 300) throw new Error(`${status}: ${text}`);
  };

  return {
    platform: 'playground',
    async type(who, channel, line) {
      const { status, text } = await say(url, who, line, channel);
      expectTaken(status, text);
    },
    async press(who, message, label) {
      const found = messagesOf(who).find(({ id }) => id === message.id);
      const card = found?.body.kind === 'card' ? found.body.card : undefined;
      const button = card?.buttons?.find((one) => one.label === label);
      if (button === undefined && !card?.suggestions?.includes(label)) {
        throw new Error(`${who} sees no button “${label}” there`);
      }
      const { status, text } =
        button === undefined
          ? await say(url, who, label, found?.channel)
          : await post(url, '/api/presses', {
              as: who,
              message: message.id,
              action: button.action,
            });
      expectTaken(status, text);
    },
    async submit(who, values) {
      const message = formOf(who);
      const form = message?.body.kind === 'card' ? message.body.card.form : undefined;
      const named = Object.entries(values).map(([key, value]) => {
        const field = form?.fields.find(({ name, label }) => name === key || label === key);
        const option = field?.options?.find((one) => one.label === value);
        return [field?.name ?? key, option?.value ?? value];
      });
      const { status, text } = await post(url, '/api/presses', {
        as: who,
        message: message?.id,
        action: form?.action,
        values: Object.fromEntries(named),
      });
      expectTaken(status, text);
    },
    form(who) {
      const message = formOf(who);
      const card = message?.body.kind === 'card' ? message.body.card : undefined;
      return (
        card?.form && {
          title: card.form.title,
          words: wordsOf(card),
          fields: card.form.fields.map(({ label, value = '', error, options }) => ({
            label,
            value,
            ...(error === undefined ? {} : { error }),
            ...(options === undefined ? {} : { options: options.map((one) => one.label) }),
          })),
        }
      );
    },
    look,
    async until(who, channel, fits) {
      let found: Seen | undefined;
      const late = AbortSignal.timeout(10_000);
      const isThere = () => {
        found = look(who, channel).find(fits);
        return found !== undefined || late.aborted;
      };
      await Promise.race([
        windowOf(who).until(isThere),
        new Promise((resolve) => late.addEventListener('abort', resolve, { once: true })),
      ]);
      if (found !== undefined) return found;
      const there = look(who, channel).map(({ words }) => words);
      throw new Error(`${who} does not see it in ${channel}: ${JSON.stringify(there)}`);
    },
    async complete(who, line) {
      const query = new URLSearchParams({ as: who, line });
      const answer = await fetch(`${url}/api/complete?${query}`);
      return ((await answer.json()) as { line: string }[]).map((one) => one.line);
    },
    remove: () => Promise.reject(new Error('nobody can delete a message here')),
    redeliver: () => Promise.reject(new Error('a browser sends each thing once')),
    away: () => Promise.reject(new Error('the playground is its own platform')),
    back: () => Promise.reject(new Error('the playground is its own platform')),
    complaints: () => [],
    async stop() {
      for (const window of windows.values()) window.close();
    },
  };
}

function wordsOf(card: Card): string {
  const rows = (card.table?.groups ?? []).flatMap((group) => [
    [group.title, group.status, group.text].filter((part) => part !== undefined).join(' '),
    ...group.rows.map((row) => row.map((cell) => cell.text).join(' ')),
  ]);
  return [
    card.title,
    card.text,
    ...(card.fields ?? []).map(({ label, value }) => `${label} ${value}`),
    ...(card.table?.columns ?? []).map(({ label }) => label),
    ...rows,
    ...(card.notes ?? []),
    card.reference,
    card.mark,
  ].join('\n');
}
