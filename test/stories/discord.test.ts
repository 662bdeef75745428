// Every story in this setting: see tell.ts.
import { tellStories } from './tell.ts';

tellStories({
  name: 'in Discord alone',
  platforms: ['discord'],
  at: { ana: 'discord', ben: 'discord', cy: 'discord' },
});
