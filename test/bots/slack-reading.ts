// What a reader sees of Slack's blocks: words without their escapes, labels of buttons, form fields.
import type { SomeBlock } from './slack-server/blocks.ts';

export interface Read {
  /** Without the leading symbol. */
  readonly title: string;
  readonly words: string;
  readonly buttons: readonly {
    readonly label: string;
    readonly actionId: string;
    readonly blockIndex: number;
  }[];
  readonly fields: readonly ReadField[];
  readonly images: readonly { readonly file: string; readonly alt: string }[];
  /** Slack users. */
  readonly mentions: readonly string[];
}

interface ReadField {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly error?: string;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
}

type RichBlock = Extract<SomeBlock, { type: 'rich_text' }>;
type Text = { readonly type: 'plain_text' | 'mrkdwn'; readonly text: string };

/** A change gives a message other blocks; the same ones are read once. */
const readBefore = new WeakMap<readonly SomeBlock[], Read>();

export function readBlocks(blocks: readonly SomeBlock[]): Read {
  const known = readBefore.get(blocks);
  if (known !== undefined) return known;
  const read = readAnew(blocks);
  readBefore.set(blocks, read);
  return read;
}

function readAnew(blocks: readonly SomeBlock[]): Read {
  const words = blocks.flatMap(wordsOf);
  const title = words[0] ?? '';
  return {
    title: title.replace(/^(?:✅|⚠️|⛔)\s/u, ''),
    words: words.join('\n'),
    buttons: blocks.flatMap((block, blockIndex) =>
      block.type === 'actions'
        ? block.elements.map(({ text, action_id }) => ({
            label: text.text,
            actionId: action_id,
            blockIndex,
          }))
        : [],
    ),
    fields: blocks.flatMap((block, index) => fieldOf(block, blocks[index + 1])),
    images: blocks.flatMap((block) =>
      block.type === 'image' ? [{ file: block.slack_file.id, alt: block.alt_text }] : [],
    ),
    mentions: blocks.flatMap((block) => (block.type === 'rich_text' ? mentionsOf(block) : [])),
  };
}

function wordsOf(block: SomeBlock): string[] {
  switch (block.type) {
    case 'header':
      return [textOf(block.text)];
    case 'section':
      return [...(block.text === undefined ? [] : [block.text]), ...(block.fields ?? [])].map(
        textOf,
      );
    case 'context':
      return block.elements.map(textOf);
    case 'rich_text':
      return richWords(block);
    case 'table':
      return block.rows.map((row) =>
        row
          .flatMap((cell) => (cell.type === 'rich_text' ? richWords(cell) : [cell.text]))
          .join(' | '),
      );
    case 'image':
      return [block.alt_text];
    case 'data_visualization': {
      const { title, chart } = block;
      return [title, ...chart.series.map(({ name }) => name)];
    }
    case 'input':
      return [block.label.text, ...(block.hint === undefined ? [] : [block.hint.text])];
    case 'actions':
    case 'divider':
      return [];
  }
}

function textOf({ type, text }: Text): string {
  if (type === 'plain_text') return text;
  const shown = text.replace(/\*([^*\n]+)\*/g, '$1');
  return shown.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function richWords({ elements }: RichBlock): string[] {
  return elements.map((section) =>
    section.elements
      .map((part) => (part.type === 'user' ? `@${part.user_id}` : (part.text ?? '')))
      .join(''),
  );
}

function mentionsOf({ elements }: RichBlock): string[] {
  return elements.flatMap((section) =>
    section.elements.flatMap((part) => (part.type === 'user' ? [part.user_id] : [])),
  );
}

/** An error stands right below its field. */
function fieldOf(block: SomeBlock, next: SomeBlock | undefined): ReadField[] {
  if (block.type !== 'input') return [];
  const { element, label } = block;
  const below = next?.type === 'rich_text' ? richWords(next).join('\n') : '';
  const error = below.startsWith('⛔ ') ? { error: below.slice(2) } : {};
  if (element.type === 'plain_text_input') {
    const value = element.initial_value ?? '';
    return [{ name: element.action_id, label: label.text, value, ...error }];
  }
  const options = [
    ...(element.options ?? []),
    ...(element.option_groups ?? []).flatMap((group) => group.options),
  ].map(({ text, value }) => ({ value, label: text.text }));
  const value = element.initial_option?.text.text ?? '';
  return [{ name: element.action_id, label: label.text, value, options, ...error }];
}
