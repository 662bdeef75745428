// Whether Discord itself gives a reason to trust an account. In the server an interaction brings its
// member along; a click in a direct message says nothing, so the membership is looked up.
import { type APIInteraction, type APIUser, GuildMemberFlags, Routes } from 'discord.js';
import type { Clock } from '../../clock.ts';
import type { Account, Doubt } from '../../commands/types.ts';
import { codeOf, type DiscordApi } from './api.ts';
import { createKept } from './kept.ts';
import { limits } from './limits.ts';
import { userOf } from './request.ts';

export interface Standings {
  /** Never rejects: what cannot be found out is a doubt. */
  accountOf(interaction: APIInteraction): Promise<Account>;
  /** Undefined where the account is a plain member of the server. */
  findDoubt(user: string): Promise<Doubt | undefined>;
}

export interface MemberFacts {
  readonly user?: Pick<APIUser, 'bot' | 'system'>;
  readonly flags?: number;
}

const unknownMember = 10007;
const unknownUser = 10013;

export function createStandings(
  api: DiscordApi,
  { guild, clock }: { readonly guild: string; readonly clock: Clock },
): Standings {
  /** Only those without a doubt, and not for long. */
  const trusted = createKept<true>(clock, { countMax: 1_000, forMs: limits.standingKeptMs });

  const findDoubt = async (user: string): Promise<Doubt | undefined> => {
    if (trusted.get(user)) return undefined;
    try {
      const member = (await api.call('get', Routes.guildMember(guild, user))) as MemberFacts;
      const doubt = doubtOf(member);
      if (doubt === undefined) trusted.set(user, true);
      return doubt;
    } catch (error) {
      const code = codeOf(error);
      return code === unknownMember || code === unknownUser ? 'foreign' : 'unverified';
    }
  };

  return {
    findDoubt,
    async accountOf(interaction) {
      const user = userOf(interaction);
      const account = { platform: 'discord', user: user?.id ?? '' } as const;
      const doubt = await findInteractionDoubt(interaction, user);
      return doubt === undefined ? account : { ...account, doubt };
    },
  };

  async function findInteractionDoubt(
    { guild_id, member }: APIInteraction,
    user: APIUser | undefined,
  ): Promise<Doubt | undefined> {
    if (user === undefined) return 'unverified';
    if (user.bot || user.system) return 'bot';
    if (guild_id === guild && member !== undefined) return doubtOf(member);
    return guild_id === undefined ? findDoubt(user.id) : 'foreign';
  }
}

/** A guest came by an invitation to one voice channel; they are members in everything but this flag. */
export function doubtOf({ user, flags = 0 }: MemberFacts): Doubt | undefined {
  if (user?.bot || user?.system) return 'bot';
  return (flags & GuildMemberFlags.IsGuest) === 0 ? undefined : 'guest';
}
