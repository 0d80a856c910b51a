/** The versions of the API before version 3, as in paths. */
export const OLD_API_VERSIONS: readonly string[] = ['v1', 'v1_1', 'v1_2', 'v1_3', 'v2_0'];
