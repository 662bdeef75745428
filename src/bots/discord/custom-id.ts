// What a button or a modal carries: at most 100 characters, and everything that is needed after a
// restart. A plain button carries its action as it is; `~` marks what this bot means itself.

export type Pressed =
  | { readonly kind: 'action'; readonly action: string }
  | { readonly kind: 'line'; readonly line: string }
  /** Asks once more before the action. */
  | { readonly kind: 'ask'; readonly action: string }
  /** `message` had the button that was asked about. */
  | { readonly kind: 'yes'; readonly message: string; readonly action: string }
  | { readonly kind: 'no'; readonly id: string }
  /** Opens a form that is kept under the id. */
  | { readonly kind: 'form'; readonly id: string; readonly action: string };

export function renderPressed(pressed: Pressed): string {
  switch (pressed.kind) {
    case 'action':
      return pressed.action;
    case 'line':
      return `line:${pressed.line}`;
    case 'ask':
      return `~ask:${pressed.action}`;
    case 'yes':
      return `~yes:${pressed.message}:${pressed.action}`;
    case 'no':
      return `~no:${pressed.id}`;
    case 'form':
      return `~form:${pressed.id}:${pressed.action}`;
  }
}

export function parsePressed(customId: string): Pressed {
  const [, name = '', rest = ''] = /^(line|~ask|~yes|~no|~form):(.*)$/s.exec(customId) ?? [];
  const [first = '', second = ''] = rest.split(/:(.*)/s);
  switch (name) {
    case 'line':
      return { kind: 'line', line: rest };
    case '~ask':
      return { kind: 'ask', action: rest };
    case '~yes':
      return { kind: 'yes', message: first, action: second };
    case '~no':
      return { kind: 'no', id: rest };
    case '~form':
      return { kind: 'form', id: first, action: second };
    default:
      return { kind: 'action', action: customId };
  }
}

/** Of a modal: which form, which page of it, and what it sends when there is one page only. */
export interface ModalId {
  readonly id: string;
  readonly page: number;
  readonly isWhole: boolean;
  readonly action: string;
}

export function renderModalId({ id, page, isWhole, action }: ModalId): string {
  return `~modal:${id}:${page}${isWhole ? 'w' : 'p'}:${action}`;
}

export function parseModalId(customId: string): ModalId | undefined {
  const parts = /^~modal:([^:]*):(\d+)([wp]):(.*)$/s.exec(customId);
  if (parts === null) return undefined;
  const [, id = '', page = '', whole, action = ''] = parts;
  return { id, page: Number(page), isWhole: whole === 'w', action };
}
