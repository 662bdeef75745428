// What a reader sees of raw components, and everything that Discord would make of the text on the
// way: the rules of its markdown, written from its help page and its clients' behaviour
// (https://support.discord.com/hc/en-us/articles/210298617, read 2026-11-26), not from the renderer.
import type { Component } from './discord-server/index.ts';

export interface ReadText {
  /** As it is shown. */
  readonly words: string;
  /** `bold`, `heading`, `mention <@1>`, in the order of the text. */
  readonly marks: readonly string[];
}

/** Anywhere in a line, the first that fits wins. The text inside of some is read again. */
const inline: readonly {
  readonly mark: string;
  readonly pattern: RegExp;
  readonly inner?: boolean;
}[] = [
  { mark: '', pattern: /^\\([^0-9A-Za-z\s])/ },
  { mark: 'code', pattern: /^```(?:[a-z0-9_+\-.#]*\n)?([\s\S]+?)```/i },
  { mark: 'code', pattern: /^(?:``([\s\S]+?)``|`([^`]+)`)/ },
  { mark: 'link', pattern: /^<((?:https?|discord|mailto|tel|sms):[^>\s]+)>/i },
  { mark: 'link', pattern: /^((?:https?|steam|discord):\/\/[^\s<]+[^<.,:;"'\]\s])/i },
  { mark: 'emoji', pattern: /^(<a?:\w+:\d+>)/ },
  { mark: 'time', pattern: /^(<t:-?\d+(?::[tTdDfFRsS])?>)/ },
  { mark: 'mention', pattern: /^(<(?:@[!&]?|#|\/[\w -]+:|id:)\w+>)/ },
  { mark: 'mention', pattern: /^(@(?:everyone|here))/ },
  { mark: 'link', pattern: /^\[((?:\\.|[^\]\\\n])+)\]\(<?[^\s)>]+>?(?: +"[^"]*")?\)/, inner: true },
  { mark: 'bold', pattern: /^\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/, inner: true },
  { mark: 'underline', pattern: /^__((?:\\[\s\S]|[^\\])+?)__(?!_)/, inner: true },
  { mark: 'italic', pattern: /^\*(?=\S)((?:\\[\s\S]|[^\\*])+?\S?)\*(?!\*)/, inner: true },
  { mark: 'italic', pattern: /^_((?:\\[\s\S]|[^\\_])+?)_(?![\w])/, inner: true },
  { mark: 'strike', pattern: /^~~((?:\\[\s\S]|[^\\])+?)~~(?!~)/, inner: true },
  { mark: 'spoiler', pattern: /^\|\|((?:\\[\s\S]|[^\\])+?)\|\|/, inner: true },
  { mark: 'emoji', pattern: /^(:[^\s:\\]+?(?:::skin-tone-\d)?:)/ },
];

const block: readonly (readonly [mark: string, pattern: RegExp])[] = [
  ['small', /^ *-# +/],
  ['heading', /^ *#{1,3} +/],
  ['list', /^\s*(?:[-*+]|\d+[.)]) +/],
  ['quote', /^\s*>(?:>>)? +/],
];

export function readMarkdown(text: string): ReadText {
  const marks: string[] = [];
  const lines = text.split('\n').map((line) => {
    const found = block.find(([, pattern]) => pattern.test(line));
    if (found === undefined) return line;
    const [mark, pattern] = found;
    marks.push(mark);
    // A list or a quote inside small print is possible too.
    const rest = line.replace(pattern, '');
    return mark === 'heading' ? rest.replace(/#+\s*$/, '') : rest;
  });
  return { words: readInline(lines.join('\n'), marks), marks };
}

function readInline(text: string, marks: string[]): string {
  let words = '';
  let rest = text;
  while (rest !== '') {
    // A word swallows an underscore inside of it.
    const before = words.at(-1) ?? ' ';
    const found = inline
      .filter(({ pattern }) => !(String(pattern).startsWith('/^_(') && /\w/.test(before)))
      .map((rule) => ({ rule, match: rule.pattern.exec(rest) }))
      .find(({ match }) => match !== null);
    if (found?.match == null) {
      const [first = ''] = rest;
      words += first;
      rest = rest.slice(first.length);
      continue;
    }
    const { rule, match } = found;
    const inside = match[1] ?? match[2] ?? '';
    if (rule.mark !== '') marks.push(rule.inner ? rule.mark : `${rule.mark} ${inside}`);
    if (rule.inner) words += readInline(inside, marks);
    else words += inside;
    rest = rest.slice(match[0].length);
  }
  return words;
}

export interface ReadButton {
  readonly label: string;
  readonly customId: string;
}

export interface ReadComponents {
  readonly title: string;
  readonly words: string;
  readonly marks: readonly string[];
  readonly buttons: readonly ReadButton[];
  /** Names of attachments, in their order. */
  readonly pictures: readonly { readonly name: string; readonly alt: string }[];
  readonly files: readonly string[];
}

/** An edit gives a message other components; the same ones are read once. */
const readBefore = new WeakMap<readonly Component[], ReadComponents>();

export function readComponents(components: readonly Component[]): ReadComponents {
  const known = readBefore.get(components);
  if (known !== undefined) return known;
  const read = readAnew(components);
  readBefore.set(components, read);
  return read;
}

function readAnew(components: readonly Component[]): ReadComponents {
  const flat = components.flatMap((one) =>
    one.type === 17 ? (one['components'] as Component[]) : [one],
  );
  const texts = flat.flatMap((one) =>
    one.type === 10 ? [readMarkdown(String(one['content']))] : [],
  );
  const items = flat.flatMap((one) =>
    one.type === 12 ? (one['items'] as { media: { url: string }; description?: string }[]) : [],
  );
  const buttons = flat.flatMap((one) =>
    one.type === 1 ? (one['components'] as { label: string; custom_id: string }[]) : [],
  );
  const nameOf = (url: string) => url.replace('attachment://', '');
  return {
    title: (texts[0]?.words.split('\n')[0] ?? '').replace(/^(?:✅|⚠️|⛔) /, ''),
    words: texts
      .map(({ words }) => words)
      .join('\n')
      .replaceAll('\u2060', ''),
    marks: texts.flatMap(({ marks }) => marks),
    buttons: buttons.map(({ label, custom_id }) => ({ label, customId: custom_id })),
    pictures: items.map(({ media, description = '' }) => ({
      name: nameOf(media.url),
      alt: description,
    })),
    files: flat.flatMap((one) =>
      one.type === 13 ? [nameOf((one['file'] as { url: string }).url)] : [],
    ),
  };
}
