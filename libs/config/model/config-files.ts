/** Paths of config files in the home folder of the user, and in the working directory; the first that exists is read. */
export const CONFIG_FILES = {
  home: ['.flexmeasures.cfg', 'flexmeasures.cfg'],
  working: ['instance/flexmeasures.cfg'],
} as const;

/** File with variables in the working directory. */
export const DOTENV_FILE = '.env';
