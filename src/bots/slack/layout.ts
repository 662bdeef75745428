// What a rendered card is made of, and what its place allows.
import type { types } from '@slack/bolt';

/** In Slack since 2026-06-16, and not yet in its types. */
export interface ChartBlock {
  readonly type: 'data_visualization';
  readonly title: string;
  readonly chart: {
    readonly type: 'line';
    readonly series: readonly {
      readonly name: string;
      readonly data: readonly { readonly label: string; readonly value: number }[];
    }[];
    readonly axis_config: { readonly categories: readonly string[] };
  };
}

export type Block = types.KnownBlock | ChartBlock;

export interface Message {
  /** For notifications and screen readers; the blocks are what is seen. */
  readonly text: string;
  readonly blocks: Block[];
}

export interface RenderOptions {
  /** A dialog or a page has no native tables and charts, and room for more blocks. */
  readonly surface: 'message' | 'view';
  /** Slack's id of the uploaded picture. */
  readonly fileId?: string;
  /** As Slack's own chart, if it fits one. */
  readonly hasChart?: boolean;
  /** Only what every Slack has taken for years: when it refused the rest. */
  readonly isPlain?: boolean;
  /** Slack users to notify. */
  readonly mentions?: readonly string[];
}
