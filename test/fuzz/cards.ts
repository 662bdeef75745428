// Whether a card can be shown: both platforms' own renderers take it, within the limits that the local
// servers know from the documents, and nothing in it calls anybody or formats.

import { renderMessage as renderForDiscord } from '../../src/bots/discord/message.ts';
import { listPages, renderModal } from '../../src/bots/discord/modal.ts';
import { renderMessage as renderForSlack } from '../../src/bots/slack/render.ts';
import { renderForm } from '../../src/bots/slack/view.ts';
import type { Card } from '../../src/commands/card.ts';
import type { TextFile } from '../../src/commands/types.ts';
import { findMessageProblems, findModalProblems } from '../bots/discord-server/components.ts';
import { findProblem } from '../bots/slack-server/blocks.ts';

/** What is wrong with it; none where everything is right. */
export function findCardProblems(card: Card, file?: TextFile): string[] {
  return [...findSlackProblems(card), ...findDiscordProblems(card, file)];
}

function findSlackProblems(card: Card): string[] {
  const { text, blocks } = renderForSlack(card);
  const problem = findProblem(blocks, 'message', () => true);
  const problems = problem === undefined ? [] : [`Slack: ${problem}`];
  const { form } = card;
  if (form !== undefined) {
    const view = renderForm({ card, form }, { channel: 'C01' }, () => 'id');
    const inForm = findProblem(view.blocks, 'modal', () => true);
    if (inForm !== undefined) problems.push(`Slack’s form: ${inForm}`);
    if (view.title.text.length > 24) problems.push('Slack’s form: its title is too long');
  }
  for (const markup of [text, ...listMarkup(blocks)]) {
    if (/<[@!#]/.test(markup)) problems.push('Slack: it calls somebody');
  }
  return problems;
}

function findDiscordProblems(card: Card, file: TextFile | undefined): string[] {
  const { body, files } = renderForDiscord(card, file === undefined ? {} : { file });
  const names = files.map(({ name }) => name);
  const problems = findMessageProblems(body.components, names).map((one) => `Discord: ${one}`);
  if (body.allowed_mentions.parse.length > 0) problems.push('Discord: it may call somebody');
  const { form } = card;
  if (form === undefined) return problems;
  const values = Object.fromEntries(form.fields.map(({ name, value = '' }) => [name, value]));
  for (const page of listPages(form).keys()) {
    const modal = renderModal(form, { id: 'id', page, values });
    problems.push(...findModalProblems(modal).map((one) => `Discord’s form: ${one}`));
  }
  return problems;
}

/** Every string that Slack would parse for markup: all others are shown as they are. */
function listMarkup(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(listMarkup);
  if (typeof value !== 'object' || value === null) return [];
  const own =
    'type' in value && value.type === 'mrkdwn' && 'text' in value ? [`${value.text}`] : [];
  return [...own, ...Object.values(value).flatMap(listMarkup)];
}
