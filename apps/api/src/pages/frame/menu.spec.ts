import { readSettings } from '#lib/config';
import { menuOf, valuesFor } from './menu';

const viewer = (accountRoles: string[] = [], roles: string[] = []) => ({
  roles,
  accountRoles,
});
const menu = (views: string, who = viewer()) =>
  menuOf(readSettings({ FLEXMEASURES_MENU_LISTED_VIEWS: views }).pages, who, '/assets/3');

describe('menuOf', () => {
  it('lists the views of the settings with titles, icons and the active one', () => {
    const { pages } = readSettings({
      FLEXMEASURES_MENU_LISTED_VIEWS: '["assets", "freezer-view"]',
      FLEXMEASURES_MENU_LISTED_VIEW_ICONS: '{"freezer-view": "snowflake-o"}',
      FLEXMEASURES_MENU_LISTED_VIEW_TITLES: '{"assets": "My sites"}',
    });
    expect(menuOf(pages, viewer(), '/assets/3')).toEqual([
      { path: '/assets', title: 'My sites', icon: 'plug-circle-bolt', isActive: true },
      { path: '/freezer-view', title: 'Freezer view', icon: 'snowflake-o', isActive: false },
    ]);
  });

  it('lists a view with roles only for users whose account has one of them', () => {
    const views = '["assets", ("details", ["MDC", "Prosumer"])]';
    expect(menu(views).map(({ title }) => title)).toEqual(['Assets']);
    expect(menu(views, viewer(['Prosumer'])).map(({ title }) => title)).toEqual(['Assets', 'Details']);
  });

  it('lists the tasks only for admins', () => {
    expect(menu('["tasks"]')).toEqual([]);
    expect(menu('["tasks"]', viewer([], ['admin']))).toHaveLength(1);
  });
});

describe('valuesFor', () => {
  it('reads the forms of names that the settings accept', () => {
    const nameFor = (setting: string, roles: string[]) =>
      valuesFor(readSettings({ FLEXMEASURES_PLATFORM_NAME: setting }).pages.platformNames, roles)[0];
    const forMdc = '(["MyMDCApp"], ["MDC"]), ["MyApp"]';
    expect(nameFor('[("MyMDCApp", ["MDC"]), "MyApp"]', ['MDC'])).toBe('MyMDCApp');
    expect(nameFor('[("MyMDCApp", ["MDC"]), "MyApp"]', [])).toBe('MyApp');
    expect(nameFor(`[${forMdc}]`, ['MDC'])).toBe('MyMDCApp');
    expect(nameFor(`[${forMdc}]`, [])).toBe('MyApp');
    expect(nameFor('Our platform', [])).toBe('Our platform');
  });

  it('rejects values of other types', () => {
    expect(() => readSettings({ FLEXMEASURES_ROOT_VIEW: '[3]' })).toThrow('Setting FLEXMEASURES_ROOT_VIEW');
  });
});
