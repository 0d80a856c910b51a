/** HTML that is inserted without escaping. */
export class Html {
  constructor(readonly text: string) {}
}

type Insert = Html | string | undefined;

/** Template tag for HTML: escapes inserted strings, inserts `Html` unchanged, and nothing for undefined. */
export const html = (parts: TemplateStringsArray, ...inserts: Insert[]): Html =>
  new Html(parts.map((part, index) => part + escapeInsert(inserts[index])).join(''));

const escapeInsert = (insert: Insert): string =>
  insert instanceof Html ? insert.text : (insert ?? '').replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign]!);

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const STYLE = new Html(`
  body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 38rem; margin: 3rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff; }
  label { display: block; margin-top: 1rem; }
  input { font: inherit; width: 100%; box-sizing: border-box; padding: .4rem; border: 1px solid #595959; border-radius: .2rem; }
  button { font: inherit; margin-top: 1.2rem; padding: .4rem 1.2rem; border: 0; border-radius: .2rem; background: #14507a; color: #fff; cursor: pointer; }
  a { color: #14507a; }
  :focus-visible { outline: 3px solid #c25700; outline-offset: 2px; }
  [role=alert] { border-left: .3rem solid #a30000; padding-left: .7rem; }
`);

/** A complete page. */
export const page = (title: string, content: Html, head?: Html): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - FlexMeasures</title>
        ${head}
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html> `.text;
