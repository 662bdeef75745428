// `npm run docs`: writes what the documentation repeats from the code.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commands } from '../src/commands/registry.ts';
import { renderDependencies, renderEnvExample, renderReadme } from '../src/docs.ts';
import { providerModules } from '../src/providers/registry.ts';

const pathOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

writeFileSync(pathOf('.env.example'), renderEnvExample(providerModules));
const readme = pathOf('README.md');
if (existsSync(readme)) {
  const text = readFileSync(readme, 'utf8');
  writeFileSync(readme, renderReadme(text, { commands, modules: providerModules }));
}
const { packages } = JSON.parse(readFileSync(pathOf('package-lock.json'), 'utf8'));
const dependencies = pathOf('docs/dependencies.md');
writeFileSync(dependencies, renderDependencies(readFileSync(dependencies, 'utf8'), packages));
