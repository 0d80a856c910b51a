import { html, page } from './html';

describe('html', () => {
  it('escapes what is inserted, in text and in attributes', () => {
    const evil = `"><script>alert('&')</script>`;
    expect(html`<a title="${evil}">${evil}</a>`.text).toBe(
      '<a title="&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;">' +
        '&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;</a>',
    );
  });

  it('takes HTML as it is, and nothing for undefined', () => {
    expect(html`<p>${html`<b>${'<'}</b>`}${undefined}</p>`.text).toBe('<p><b>&lt;</b></p>');
  });

  it('escapes the title of a page', () => {
    expect(page('<i>', html``)).toContain('<h1>&lt;i&gt;</h1>');
  });
});
