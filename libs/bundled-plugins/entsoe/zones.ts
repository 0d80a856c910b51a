/** A bidding zone of the European electricity market. */
export interface Zone {
  /** Short name, such as `NL` or `SE_4`. */
  name: string;
  /** Energy Identification Code. */
  eic: string;
  /** IANA name. */
  timezone: string;
  /** Currency in which its prices are published today. */
  currency: string;
  /** Whether prices of a second day-ahead auction are published, too. Those of the coupled auction are sequence 1. */
  hasTwoAuctions: boolean;
}

/** Names, codes and time zones. */
const TABLE = `
  AL      10YAL-KESH-----5 Europe/Tirane
  AT      10YAT-APG------L Europe/Vienna
  BA      10YBA-JPCC-----D Europe/Sarajevo
  BE      10YBE----------2 Europe/Brussels
  BG      10YCA-BULGARIA-R Europe/Sofia
  CH      10YCH-SWISSGRIDZ Europe/Zurich
  CZ      10YCZ-CEPS-----N Europe/Prague
  DE_LU   10Y1001A1001A82H Europe/Berlin
  DK_1    10YDK-1--------W Europe/Copenhagen
  DK_2    10YDK-2--------M Europe/Copenhagen
  EE      10Y1001A1001A39I Europe/Tallinn
  ES      10YES-REE------0 Europe/Madrid
  FI      10YFI-1--------U Europe/Helsinki
  FR      10YFR-RTE------C Europe/Paris
  GB      10YGB----------A Europe/London
  GR      10YGR-HTSO-----Y Europe/Athens
  HR      10YHR-HEP------M Europe/Zagreb
  HU      10YHU-MAVIR----U Europe/Budapest
  IE_SEM  10Y1001A1001A59C Europe/Dublin
  IT_CALA 10Y1001C--00096J Europe/Rome
  IT_CNOR 10Y1001A1001A70O Europe/Rome
  IT_CSUD 10Y1001A1001A71M Europe/Rome
  IT_NORD 10Y1001A1001A73I Europe/Rome
  IT_SARD 10Y1001A1001A74G Europe/Rome
  IT_SICI 10Y1001A1001A75E Europe/Rome
  IT_SUD  10Y1001A1001A788 Europe/Rome
  LT      10YLT-1001A0008Q Europe/Vilnius
  LV      10YLV-1001A00074 Europe/Riga
  MD      10Y1001A1001A990 Europe/Chisinau
  ME      10YCS-CG-TSO---S Europe/Podgorica
  MK      10YMK-MEPSO----8 Europe/Skopje
  NL      10YNL----------L Europe/Amsterdam
  NO_1    10YNO-1--------2 Europe/Oslo
  NO_2    10YNO-2--------T Europe/Oslo
  NO_3    10YNO-3--------J Europe/Oslo
  NO_4    10YNO-4--------9 Europe/Oslo
  NO_5    10Y1001A1001A48H Europe/Oslo
  PL      10YPL-AREA-----S Europe/Warsaw
  PT      10YPT-REN------W Europe/Lisbon
  RO      10YRO-TEL------P Europe/Bucharest
  RS      10YCS-SERBIATSOV Europe/Belgrade
  SE_1    10Y1001A1001A44P Europe/Stockholm
  SE_2    10Y1001A1001A45N Europe/Stockholm
  SE_3    10Y1001A1001A46L Europe/Stockholm
  SE_4    10Y1001A1001A47J Europe/Stockholm
  SI      10YSI-ELES-----O Europe/Ljubljana
  SK      10YSK-SEPS-----K Europe/Bratislava
  XK      10Y1001C--00100H Europe/Belgrade`;

const WITH_TWO_AUCTIONS = ['AT', 'DE_LU'];
const CURRENCIES: Readonly<Record<string, string>> = { GB: 'GBP' };

/** The time zone of the coupled day-ahead market. */
export const MARKET_TIMEZONE = 'Europe/Brussels';

export const ZONES: readonly Zone[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [name, eic, timezone] = line.trim().split(/ +/) as [string, string, string];
    const currency = CURRENCIES[name] ?? 'EUR';
    return { name, eic, timezone, currency, hasTwoAuctions: WITH_TWO_AUCTIONS.includes(name) };
  });

/**
 * The zone with a name, such as `DE_LU` or `de-lu`, or with an Energy Identification Code, also of areas that have no name here.
 * @throws Error if it is neither
 */
export function readZone(text: string): Zone {
  const key = text.trim().toUpperCase();
  const found = ZONES.find(({ name, eic }) => name === key.replaceAll('-', '_') || eic === key);
  if (found) return found;
  if (isEic(key))
    return { name: key, eic: key, timezone: MARKET_TIMEZONE, currency: 'EUR', hasTwoAuctions: false };
  const names = ZONES.map(({ name }) => name).join(', ');
  throw new Error(`Must be one of ${names}, or an Energy Identification Code such as 10YNL----------L.`);
}

const EIC_CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-';

/** Whether a text has the form of an Energy Identification Code: 16 characters, of which the last one is the check character. */
export function isEic(text: string): boolean {
  if (!/^[0-9A-Z-]{15}[0-9A-Z]$/.test(text)) return false;
  const sum = Array.from(text.slice(0, 15)).reduce(
    (total, character, i) => total + EIC_CHARACTERS.indexOf(character) * (16 - i),
    0,
  );
  return EIC_CHARACTERS[36 - ((sum - 1) % 37)] === text[15];
}
