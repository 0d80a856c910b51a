import { html, page } from './html';

describe('html', () => {
  it('escapes inserted strings in text and in attributes', () => {
    const script = `"><script>alert('&')</script>`;
    expect(html`<a title="${script}">${script}</a>`.text).toBe(
      '<a title="&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;">' +
        '&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;</a>',
    );
  });

  it('inserts Html unchanged, and nothing for undefined', () => {
    expect(html`<p>${html`<b>${'<'}</b>`}${undefined}</p>`.text).toBe('<p><b>&lt;</b></p>');
  });

  it('escapes the title of a page', () => {
    expect(page('<i>', html``)).toContain('<h1>&lt;i&gt;</h1>');
  });
});
