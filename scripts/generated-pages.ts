import { z } from 'zod';

import { Config } from '../src/config/schema.ts';
import { AREAS } from '../src/model/finding.ts';
import { renderRulePage } from '../src/report/explain.ts';
import { AREA_NAMES } from '../src/report/words.ts';
import { rules } from '../src/rules/index.ts';

/** Pages of docs/ that are made from the program, by path below docs/. */
export function generatedPages(): ReadonlyMap<string, string> {
  const pages = new Map(rules.map((rule) => [`rules/${rule.id}.md`, renderRulePage(rule)]));
  pages.set('rules/README.md', renderIndex());
  pages.set('fluxgate.schema.json', renderConfigSchema());
  return pages;
}

function renderIndex(): string {
  const sections = AREAS.flatMap((area) => {
    const own = rules.filter((rule) => rule.area === area);
    if (own.length === 0) return [];
    const rows = own.map(
      ({ id, title, since }) => `| [\`${id}\`](${id}.md) | ${title} | ${since} |`,
    );
    return [
      `## ${AREA_NAMES[area]}\n\n| rule | what it finds | since |\n| --- | --- | --- |\n${rows.join('\n')}`,
    ];
  });
  return `# Rules\n\nMade by \`npm run docs\` from the rules themselves; \`fluxgate explain RULE\` says the same.\n\n${sections.join('\n\n')}\n`;
}

/** For editors: completion and checks of `.github/fluxgate.yaml` while it is written. */
function renderConfigSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(Config, { io: 'input' });
  const rule = { enum: rules.map(({ id }) => id) };
  const properties = { ...schema.properties };
  if (typeof properties.rules === 'object') {
    properties.rules = { ...properties.rules, propertyNames: rule };
  }
  const head = {
    $schema,
    $id: 'https://raw.githubusercontent.com/fluxgate/fluxgate/main/docs/fluxgate.schema.json',
    title: 'Configuration of Fluxgate: .github/fluxgate.yaml',
  };
  return `${JSON.stringify({ ...head, ...schema, properties }, null, 2)}\n`;
}
