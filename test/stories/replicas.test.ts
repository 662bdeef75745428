// Every story in this setting: see tell.ts.
import { tellStories } from './tell.ts';

tellStories({
  name: 'by two replicas on one PostgreSQL',
  platforms: ['slack', 'discord'],
  replicas: 2,
  at: { ana: 'slack', ben: 'discord', cy: 'slack' },
});
