// Line icons, 16 units wide, drawn in the colour of the text. All are decoration: the words beside
// them, or the label of their button, say the same.
import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit-html';

const shapes = {
  hash: svg`<path d="M6.2 2.5 4.8 13.5M11.2 2.5 9.8 13.5M2.8 6h10.9M2.3 10h10.9"/>`,
  eye: svg`<path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8Z"/><circle cx="8" cy="8" r="1.9"/>`,
  send: svg`<path d="M8 13V3.2M3.7 7.3 8 3l4.3 4.3"/>`,
  menu: svg`<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h7"/>`,
  close: svg`<path d="m4 4 8 8M12 4l-8 8"/>`,
  window: svg`<path d="M9.5 2.5h4v4M13.3 2.7 8 8M7 3H3.5A1 1 0 0 0 2.5 4v8.5a1 1 0 0 0 1 1H12a1 1 0 0 0 1-1V9"/>`,
  next: svg`<path d="m6 3.5 4.5 4.5L6 12.5"/>`,
  download: svg`<path d="M8 2.5v7.3M4.7 6.8 8 10.1l3.3-3.3M2.5 13.5h11"/>`,
  copy: svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2"/>`,
  check: svg`<path d="m3.5 8.5 3 3 6-7"/>`,
  good: svg`<circle cx="8" cy="8" r="6"/><path d="m5.3 8.2 1.9 1.9 3.5-4"/>`,
  warning: svg`<path d="M8 2.3 14.2 13H1.8ZM8 6.5v3M8 11.3v.1"/>`,
  bad: svg`<circle cx="8" cy="8" r="6"/><path d="M8 4.8v3.7M8 11.1v.1"/>`,
  down: svg`<path d="M8 3v10M3.7 8.7 8 13l4.3-4.3"/>`,
  up: svg`<path d="M8 13V3M3.7 7.3 8 3l4.3 4.3"/>`,
  system: svg`<rect x="2" y="3" width="12" height="8" rx="1.5"/><path d="M6 13.5h4"/>`,
  light: svg`<circle cx="8" cy="8" r="2.6"/><path d="M8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9"/>`,
  dark: svg`<path d="M13.3 9.7A5.7 5.7 0 0 1 6.3 2.7a5.7 5.7 0 1 0 7 7Z"/>`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof shapes;

export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${shapes[name]}</svg>`;
}

/** The mark of Purser: a P whose bowl is a coin. */
export function mark(): TemplateResult {
  return html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <circle cx="17.5" cy="13.5" r="5.25" />
    <path d="M10.5 8.2v17" />
  </svg>`;
}
