// Every story in this setting: see tell.ts.
import { tellStories } from './tell.ts';

tellStories({
  name: 'in Slack alone',
  platforms: ['slack'],
  at: { ana: 'slack', ben: 'slack', cy: 'slack' },
});
