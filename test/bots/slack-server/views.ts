// Dialogs and pages. https://docs.slack.dev/reference/views, read 2026-11-26. A trigger opens one
// dialog within three seconds.
import { z } from 'zod';
import { Refused } from './answers.ts';
import { checkBlocks } from './messages.ts';
import type { SlackView, Workspace } from './workspace.ts';

const triggerMs = 3000;

export interface Triggers {
  create(user: string): string;
  /** The user whose it is. Throws `Refused`. */
  use(id: unknown): string;
}

export function createTriggers(workspace: Workspace): Triggers {
  const triggers = new Map<string, { user: string; atMs: number; isUsed: boolean }>();
  return {
    create(user) {
      const id = workspace.newId('trigger.');
      triggers.set(id, { user, atMs: workspace.now(), isUsed: false });
      return id;
    },
    use(id) {
      const trigger = triggers.get(String(id));
      if (trigger === undefined) throw new Refused('invalid_trigger_id');
      if (trigger.isUsed) throw new Refused('exchanged_trigger_id');
      if (workspace.now() - trigger.atMs > triggerMs) throw new Refused('expired_trigger_id');
      trigger.isUsed = true;
      return trigger.user;
    },
  };
}

const plain = (max: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });
const viewSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('modal'),
    callback_id: z.string().max(255),
    title: plain(24),
    submit: plain(24).optional(),
    close: plain(24).optional(),
    private_metadata: z.string().max(3000).optional(),
    blocks: z.array(z.looseObject({ type: z.string() })).min(1),
  }),
  z.strictObject({
    type: z.literal('home'),
    callback_id: z.string().max(255).optional(),
    private_metadata: z.string().max(3000).optional(),
    blocks: z.array(z.looseObject({ type: z.string() })).min(1),
  }),
]);

interface ViewDeps {
  readonly workspace: Workspace;
  readonly triggers: Triggers;
}
type Arguments = Readonly<Record<string, unknown>>;

export function openView(args: Arguments, { workspace, triggers }: ViewDeps): object {
  const user = triggers.use(args['trigger_id']);
  const view = checkView(workspace, args['view'], { id: workspace.newId('V'), user });
  workspace.views.set(user, view);
  workspace.notify();
  return { view: toWire(view) };
}

export function updateView(args: Arguments, { workspace }: ViewDeps): object {
  const known = [...workspace.views.values()].find(({ id }) => id === args['view_id']);
  if (known === undefined) throw new Refused('not_found');
  Object.assign(known, checkView(workspace, args['view'], known));
  workspace.notify();
  return { view: toWire(known) };
}

export function publishView(args: Arguments, { workspace }: ViewDeps): object {
  const user = String(args['user_id']);
  if (!workspace.users.has(user)) throw new Refused('user_not_found');
  const view = checkView(workspace, args['view'], { id: workspace.newId('V'), user });
  workspace.homes.set(user, view);
  workspace.notify();
  return { view: toWire(view) };
}

/** Also for a view that an acknowledgement carries. Throws `Refused`. */
export function checkView(
  workspace: Workspace,
  value: unknown,
  { id, user }: { id: string; user: string },
): SlackView {
  const parsed = viewSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    workspace.complaints.push(`invalid view ${issue?.path.join('.')}: ${issue?.message}`);
    throw new Refused('invalid_arguments');
  }
  const view = parsed.data;
  const blocks = checkBlocks(workspace, view.blocks, view.type);
  const hasInput = blocks.some(({ type }) => type === 'input');
  if (view.type === 'modal' && hasInput && view.submit === undefined) {
    workspace.complaints.push('a dialog with inputs has no submit');
    throw new Refused('invalid_arguments');
  }
  return {
    id,
    user,
    type: view.type,
    callback_id: view.callback_id ?? '',
    hash: workspace.newId('hash.'),
    title: view.type === 'modal' ? view.title.text : '',
    submit: view.type === 'modal' ? view.submit?.text : undefined,
    private_metadata: view.private_metadata ?? '',
    // Slack names every block that has no name.
    blocks: blocks.map((block) => ({ ...block, block_id: block.block_id ?? workspace.newId('b') })),
  };
}

export function toWire(view: SlackView): object {
  const { title, submit, ...rest } = view;
  return {
    ...rest,
    title: { type: 'plain_text', text: title },
    ...(submit === undefined ? {} : { submit: { type: 'plain_text', text: submit } }),
  };
}
