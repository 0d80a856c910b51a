/** The attribute of assets with the id of the user who owns it, for versions before 3. */
export const OWNER_ATTRIBUTE = 'owner_id';
