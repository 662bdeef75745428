// Every story in this setting: see tell.ts.
import { tellStories } from './tell.ts';

tellStories({
  name: 'asked in Slack, decided in Discord',
  platforms: ['slack', 'discord'],
  at: { ana: 'slack', ben: 'discord', cy: 'slack' },
});
tellStories({
  name: 'asked in Discord, decided in Slack',
  platforms: ['slack', 'discord'],
  at: { ana: 'discord', ben: 'slack', cy: 'discord' },
});
