// Who a Slack user is, by Slack's own word at the time of asking: an account of this workspace, or
// one with a reason to doubt it. Fails closed: where Slack cannot say, the account is unverified.
import type { Clock } from '../../clock.ts';
import type { Account, Doubt } from '../../commands/types.ts';
import type { Log } from '../../log.ts';
import type { SlackApi } from './api.ts';
import { toFailure } from './failure.ts';
import { limits } from './limits.ts';

/** The workspace that the app is installed in. */
export interface Home {
  readonly team: string;
  readonly enterprise?: string;
}

export interface Standing {
  /** Never rejects. `isAskedNow`: Slack's word of a few minutes ago is not enough for a decision. */
  getAccount(user: string, isAskedNow?: boolean): Promise<Account>;
}

interface Deps {
  readonly api: SlackApi;
  readonly clock: Clock;
  readonly log: Log;
  /** Known once Slack has accepted the token. */
  home(): Home | undefined;
}

export function createStanding({ api, clock, log, home }: Deps): Standing {
  const trusted = new Map<string, { account: Account; atMs: number }>();
  const asking = new Map<string, Promise<Account>>();

  const ask = async (user: string): Promise<Account> => {
    const here = home();
    const account = (team: string | undefined, doubt?: Doubt): Account => ({
      platform: 'slack',
      ...(team === undefined ? {} : { team }),
      user,
      ...(doubt === undefined ? {} : { doubt }),
    });
    if (here === undefined) return account(undefined, 'unverified');
    try {
      const { user: found } = await api.call((client) => client.users.info({ user }));
      if (found === undefined) return account(undefined, 'unverified');
      const doubt = findDoubt(found, here);
      const known = account(found.team_id, doubt);
      if (doubt === undefined) remember(user, known);
      return known;
    } catch (error) {
      const failure = toFailure(error);
      log.warn({ user, err: failure }, 'Slack did not say who a person is');
      // Slack hides people of other workspaces who share no channel with the app.
      return account(undefined, failure.code === 'user_not_visible' ? 'foreign' : 'unverified');
    }
  };

  const remember = (user: string, account: Account) => {
    trusted.delete(user);
    trusted.set(user, { account, atMs: clock.now() });
    if (trusted.size <= limits.standingsMax) return;
    const [oldest] = trusted.keys();
    if (oldest !== undefined) trusted.delete(oldest);
  };

  return {
    getAccount(user, isAskedNow = false) {
      const known = trusted.get(user);
      if (!isAskedNow && known !== undefined && clock.now() - known.atMs < limits.standingMs) {
        return Promise.resolve(known.account);
      }
      const running = asking.get(user);
      if (running !== undefined) return running;
      const asked = ask(user).finally(() => asking.delete(user));
      asking.set(user, asked);
      return asked;
    },
  };
}

interface SlackUser {
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly is_workflow_bot?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
  readonly team_id?: string;
  readonly enterprise_user?: { readonly enterprise_id?: string };
}

/** `users.info`: https://docs.slack.dev/reference/objects/user-object, read 2026-11-26. */
export function findDoubt(user: SlackUser, home: Home): Doubt | undefined {
  if (user.deleted === true) return 'deactivated';
  if (user.is_bot === true || user.is_workflow_bot === true) return 'bot';
  const isOfEnterprise =
    home.enterprise !== undefined && user.enterprise_user?.enterprise_id === home.enterprise;
  if (user.is_stranger === true || (user.team_id !== home.team && !isOfEnterprise))
    return 'foreign';
  if (user.is_restricted === true || user.is_ultra_restricted === true) return 'guest';
  return undefined;
}
