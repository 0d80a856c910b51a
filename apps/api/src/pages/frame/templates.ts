import { readBuiltWeb, webFilePath } from './built-web';

/** Renders templates; the template engine is known only here. */
export interface Templates {
  /** @returns HTML, in which all values of the context are escaped */
  render: (name: string, context: object) => string;
}

/** Loads the template engine, which is needed only by servers whose pages are used. */
export async function loadTemplates(): Promise<Templates> {
  const { default: nunjucks } = await import('nunjucks');
  const loader = new nunjucks.FileSystemLoader(readBuiltWeb().templates);
  const environment = new nunjucks.Environment(loader, { autoescape: true, trimBlocks: true });
  environment.addGlobal('file', webFilePath);
  return { render: (name, context) => environment.render(name, context) };
}
