// Generated from the contract by `npm run openapi:generate`.

export interface paths {
    "/api/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell which versions of the API are served.
         * @description Needs no token. Each version is a path below /api.
         */
        get: operations["getVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell whether the server can take requests.
         * @description For load balancers. Needs no token.
         */
        get: operations["getHealthReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/requestAuthToken": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange credentials for a token.
         * @description The token is good for six hours, unless the host set another time. The answer to wrong credentials does not tell
         *     whether the user exists; users that were deactivated get no token. After several failures the server makes the
         *     client wait.
         */
        post: operations["requestAuthToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/assets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the assets of an account.
         * @description The user's own account by default.
         */
        get: operations["listAssets"];
        put?: never;
        /**
         * Create an asset.
         * @description For account-admins, in their own account; admins create assets in any account, and public ones.
         */
        post: operations["createAsset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/assets/public": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the public assets.
         * @description Public assets belong to no account, for instance market zones. Every user may read them.
         */
        get: operations["listPublicAssets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/assets/types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the types that assets can have.
         * @description Every user may read them.
         */
        get: operations["listAssetTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/assets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the asset. */
                id: components["parameters"]["AssetId"];
            };
            cookie?: never;
        };
        /**
         * Get an asset.
         * @description For members of its account; public assets are for every user.
         */
        get: operations["getAsset"];
        put?: never;
        post?: never;
        /**
         * Delete an asset.
         * @description With its sensors and all of their data. For account-admins.
         */
        delete: operations["deleteAsset"];
        options?: never;
        head?: never;
        /**
         * Change an asset.
         * @description For members of its account. Fields that are not sent stay as they are.
         */
        patch: operations["updateAsset"];
        trace?: never;
    };
    "/api/v3_0/assets/{id}/chart/": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the asset. */
                id: components["parameters"]["AssetId"];
            };
            cookie?: never;
        };
        /**
         * Get a chart of an asset.
         * @description A Vega-Lite specification with one panel for each sensor that attribute `sensors_to_show` names, or for the
         *     asset's own sensors. In the attribute, a list of sensors stands for one panel that they share. Sensors that the
         *     user may not read are left out.
         */
        get: operations["getAssetChart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/assets/{id}/chart_data/": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the asset. */
                id: components["parameters"]["AssetId"];
            };
            cookie?: never;
        };
        /**
         * Get the data of an asset's chart.
         * @description For charts whose specification was fetched without data. Every belief tells which sensor it is about.
         */
        get: operations["getAssetChartData"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/sensors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the sensors of an account.
         * @description Those of the assets of the user's own account by default.
         */
        get: operations["listSensors"];
        put?: never;
        /**
         * Create a sensor.
         * @description For account-admins, on assets of their account; for admins on all assets.
         */
        post: operations["createSensor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/sensors/data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get values of a sensor.
         * @description For every step of the window, the most recent belief that passes the filters, whoever holds it; of several with
         *     the same recording time, that of the source with the highest id.
         */
        get: operations["getSensorData"];
        put?: never;
        /**
         * Post values of a sensor.
         * @description All or nothing is stored. Values that their source believed before are left out; values that would replace others
         *     of the same source and recording time are refused, unless the host allows that
         *     (`FLEXMEASURES_ALLOW_DATA_OVERWRITE`). New data may lead to new forecasts.
         */
        post: operations["postSensorData"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/sensors/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        /**
         * Get a sensor.
         * @description For members of its account; sensors of public assets are for every user.
         */
        get: operations["getSensor"];
        put?: never;
        post?: never;
        /**
         * Delete a sensor.
         * @description With all of its data. For account-admins.
         */
        delete: operations["deleteSensor"];
        options?: never;
        head?: never;
        /**
         * Change a sensor.
         * @description For account-admins. Fields that are not sent stay as they are.
         */
        patch: operations["updateSensor"];
        trace?: never;
    };
    "/api/v3_0/sensors/{id}/data": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        /**
         * Get values of the sensor in the path.
         * @description As `GET sensors/data`, with the sensor in the path. The unit may be left out.
         */
        get: operations["getDataOfSensor"];
        put?: never;
        /**
         * Post values of the sensor in the path, or a file with them.
         * @description JSON as for `POST sensors/data`, with the sensor in the path; or a CSV or Excel file with one event per row. The
         *     same rules hold for both: all or nothing, and no replacements.
         *
         *     Files of a user are read one after the other. A spreadsheet may have 32 MB unpacked, and take 30 seconds and 256 MB
         *     of memory to be read; larger ones are sent as CSV. A line of CSV may have 1 MB and 16,384 columns.
         */
        post: operations["postDataOfSensor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/sensors/{id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        /**
         * Get key figures of a sensor's data.
         * @description Apart for each data source. Without a window all data counts.
         */
        get: operations["getSensorStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/sensors/{id}/accuracy": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        /**
         * Get how well a sensor was forecast.
         * @description Apart for each horizon and data source, beside what guesses without a model would have given for the same events: the last known value, and the value at the same time of the latest known day or week. Of several forecasts of an event, the latest counts that was made early enough. Unless a horizon is asked for, a source is listed at those horizons at which it made forecasts. Schedules are no forecasts; of prices, what others than forecasting scripts said counts only when that source is asked for. Without a window, the last 60 days.
         */
        get: operations["getSensorAccuracy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/sensors/{id}/schedules/trigger": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a schedule.
         * @description For the device whose power the sensor records. The schedule is computed by a job; the answer holds the UUID to
         *     fetch it with. Built-in schedulers serve batteries and charge points; the attribute `custom-scheduler` names
         *     another one.
         *
         *     One call schedules one device. To schedule several on one site together, ask for schedules of the asset; or do it
         *     one after the other and pass those already scheduled as `inflexible-device-sensors`.
         *
         *     For those who may post data to the sensor, and read every sensor that the schedule is made from: those that the
         *     request names, and those that attributes of the sensor, of its asset and of the assets above name. Both are
         *     asked again when the job runs.
         */
        post: operations["triggerSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/sensors/{id}/schedules/{uuid}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
                /** @description The UUID that `schedules/trigger` answered with. */
                uuid: components["parameters"]["ScheduleUuid"];
            };
            cookie?: never;
        };
        /**
         * Get a schedule.
         * @description The very schedule that was asked for under this UUID, also when there are newer ones. Consumption is positive,
         *     while the sensor's stored data counts production as positive unless its attribute `consumption_is_positive` says
         *     otherwise. Remarks, and the reason why a job failed, are for those who may read all that the job has read.
         */
        get: operations["getSchedule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/assets/{id}/schedules/trigger": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the asset. */
                id: components["parameters"]["AssetId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for schedules of several devices of a site.
         * @description The devices are behind the connection of the asset and share its prices and capacities, so they are scheduled
         *     together. The schedules are computed by one job; the answer holds its UUID, under which the schedules can be
         *     fetched, of all devices or of one sensor. For those who may read the asset and ask for a
         *     schedule of each sensor.
         */
        post: operations["triggerSiteSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/assets/{id}/schedules/{uuid}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the asset. */
                id: components["parameters"]["AssetId"];
                /** @description The UUID that `schedules/trigger` answered with. */
                uuid: components["parameters"]["ScheduleUuid"];
            };
            cookie?: never;
        };
        /**
         * Get the schedules of a site's devices.
         * @description The very schedules that were asked for under this UUID, and what they are expected to cost. Consumption is positive.
         *     For those who may read the asset, each sensor, and all that the job has read.
         */
        get: operations["getSiteSchedule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the users of an account.
         * @description Those of the user's own account by default.
         */
        get: operations["listUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the user. */
                id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        /**
         * Get a user.
         * @description For members of the same account.
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a user.
         * @description Users change their own personal fields, account-admins all fields of the users of their account, except of admins
         *     and admin-readers. Fields that are not sent stay as they are.
         */
        patch: operations["updateUser"];
        trace?: never;
    };
    "/api/v3_0/users/{id}/password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the user. */
                id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Reset a user's password.
         * @description The password becomes a random one, all sessions and tokens of the user end, and the user gets an e-mail on how to
         *     choose a new password. For the user and for admins.
         */
        patch: operations["resetUserPassword"];
        trace?: never;
    };
    "/api/v3_0/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the accounts that the user may read.
         * @description The user's own; admins and admin-readers see all.
         */
        get: operations["listAccounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the account. */
                id: components["parameters"]["AccountId"];
            };
            cookie?: never;
        };
        /**
         * Get an account.
         * @description For its members, admins and admin-readers.
         */
        get: operations["getAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/jobs/{uuid}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID of the job; that of a schedule is the UUID of its job. */
                uuid: components["parameters"]["JobUuid"];
            };
            cookie?: never;
        };
        /**
         * Tell how far a job is.
         * @description For those who may read all sensors that the job is for, and all that it has read.
         */
        get: operations["getJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dev/asset/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the asset. */
                id: components["parameters"]["AssetId"];
            };
            cookie?: never;
        };
        /**
         * Get what charts need to know about an asset.
         * @description Its name, and when the sensors that it shows have data.
         */
        get: operations["getAssetForCharts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dev/sensor/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        /**
         * Get what charts need to know about a sensor.
         * @description Its name, and when it has data.
         */
        get: operations["getSensorForCharts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dev/sensor/{id}/chart/": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        /**
         * Get a chart of a sensor.
         * @description A Vega-Lite specification, to be embedded in a web page: bars for events that last some time, a line for instants.
         *     What was said ahead of time is dashed.
         */
        get: operations["getSensorChart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dev/sensor/{id}/chart_data/": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        /**
         * Get the data of a sensor's chart.
         * @description For charts whose specification was fetched without data.
         */
        get: operations["getSensorChartData"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dev/sensor/{id}/chart_annotations/": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        /**
         * Get annotations for a sensor's chart.
         * @description Those of the sensor, its asset and its account, for instance holidays.
         */
        get: operations["getSensorChartAnnotations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A failure of any kind. */
        Failure: {
            /**
             * @description What is wrong, for people.
             * @example This path does not know the method PUT.
             */
            message: string;
            /**
             * @description There when the request is to blame.
             * @example Rejected
             * @enum {string}
             */
            result?: "Rejected";
            /**
             * @description What is wrong, for programs.
             * @example INVALID_METHOD
             */
            status: string;
        };
        /** @description What the server offers. */
        Versions: {
            /**
             * @description The FlexMeasures release whose answers this server gives.
             * @example 0.12.1
             */
            flexmeasures_version: string;
            /**
             * @description Where to go on, for people.
             * @example These versions of the API are served. A POST request to /api/requestAuthToken gives an authentication token.
             */
            message: string;
            /**
             * @description The HTTP status, repeated.
             * @example 200
             * @enum {integer}
             */
            status: 200;
            /** @description Versions of the API; each is a path below /api. */
            versions: string[];
        };
        /** @description A request that was not carried out. */
        Rejection: {
            /**
             * @description What is wrong, for people.
             * @example You cannot be authorized for this content or functionality.
             */
            message: string;
            /**
             * @description Always the same word.
             * @example Rejected
             * @enum {string}
             */
            result: "Rejected";
            /**
             * @description What is wrong, for programs.
             * @example INVALID_SENDER
             */
            status: string;
        };
        /** @description What the server needs for its work, and whether that is there. */
        Health: {
            /**
             * @description Whether the database answers.
             * @example true
             */
            database_sql: boolean;
            /**
             * @description Why the server is not ready, and what to do.
             * @example The database cannot be reached.
             */
            message?: string;
            /**
             * @description The HTTP status, repeated.
             * @example 200
             * @enum {integer}
             */
            status: 200 | 503;
        };
        /** @description Who wants a token. Other fields do not count. */
        Credentials: {
            /**
             * @description E-mail address of the user.
             * @example toy-user@flexmeasures.io
             */
            email: string;
            /**
             * Format: password
             * @description Password of the user.
             * @example toy-password
             */
            password: string;
        } & {
            [key: string]: unknown;
        };
        /** @description A token, and whose it is. */
        AuthToken: {
            /**
             * @description The token, to be sent in the header `Authorization`.
             * @example eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl
             */
            auth_token: string;
            /**
             * @description The HTTP status, repeated.
             * @example 200
             * @enum {integer}
             */
            status: 200;
            /**
             * @description Id of the user.
             * @example 1
             */
            user_id: number;
        };
        /** @description A login without e-mail or password. */
        MissingCredentials: {
            /** @description What is missing, for people. */
            errors: string[];
            /**
             * @description The HTTP status, repeated.
             * @example 400
             * @enum {integer}
             */
            status: 400;
        };
        /** @description An answer to somebody the server does not know. */
        NotAuthenticated: {
            /**
             * @description What is wrong, for people.
             * @example You could not be properly authenticated for this content or functionality.
             */
            message: string;
            /**
             * @description What is wrong, for programs.
             * @example UNAUTHORIZED
             * @enum {string}
             */
            status: "UNAUTHORIZED";
        };
        /** @description A sensor of an asset. */
        AssetSensor: {
            /**
             * @description Id of the sensor.
             * @example 2
             */
            id: number;
            /**
             * @description Name of the sensor.
             * @example discharging
             */
            name: string;
        };
        /** @description Something with value or energy, such as a battery, a building or a market zone. */
        Asset: {
            /**
             * @description Account that owns the asset; null for public assets.
             * @example 1
             */
            account_id: number | null;
            /**
             * @description Free properties of the asset, as the text of a JSON object.
             * @example {"capacity_in_mw": 0.5, "min_soc_in_mwh": 0.05, "max_soc_in_mwh": 0.45, "sensors_to_show": [3, 2]}
             */
            attributes: string;
            /**
             * @description Id of the asset's type; it decides which built-in scheduler fits.
             * @example 5
             */
            generic_asset_type_id: number;
            /**
             * @description Id of the asset.
             * @example 3
             */
            id: number;
            /**
             * @description Degrees north of the equator.
             * @example 52.374
             */
            latitude: number | null;
            /**
             * @description Degrees east of Greenwich.
             * @example 4.88969
             */
            longitude: number | null;
            /**
             * @description Name of the asset.
             * @example toy-battery
             */
            name: string;
            /** @description The sensors of the asset, by id. */
            sensors: components["schemas"]["AssetSensor"][];
        };
        /**
         * @description Reasons by field. Fields of flex-model and flex-context go by their own names. Reasons of elements of a list are
         *     nested by position, counted from 0 (`{"values": {"2": [...]}}`, `{"soc-targets": {"0": {"datetime": [...]}}}`).
         *     `_schema` stands for several fields together.
         * @example {
         *       "unit": [
         *         "Missing data for required field."
         *       ]
         *     }
         */
        FieldReasons: {
            [key: string]: string[] | {
                [key: string]: unknown;
            };
        };
        /** @description Reasons by part of the request and by field. */
        FailedFields: {
            /** @description Fields of the JSON body, or one sentence where the request as a whole cannot be served. */
            json?: components["schemas"]["FieldReasons"] | string;
            /** @description Parameters of the query. */
            query?: components["schemas"]["FieldReasons"];
            /** @description Parameters of the path. */
            path?: components["schemas"]["FieldReasons"];
            /** @description Fields of an upload. */
            form?: components["schemas"]["FieldReasons"];
            /** @description Parameters of the query where a schedule is fetched. */
            args_and_json?: components["schemas"]["FieldReasons"];
        };
        /** @description A request with fields that are missing, unknown or wrong. Nothing was carried out. */
        ValidationFailure: {
            message: components["schemas"]["FailedFields"];
            /**
             * @description Always the same word.
             * @example Rejected
             * @enum {string}
             */
            result: "Rejected";
            /**
             * @description What is wrong, for programs.
             * @example UNPROCESSABLE_ENTITY
             * @enum {string}
             */
            status: "UNPROCESSABLE_ENTITY";
        };
        /** @description An asset to create. */
        AssetPost: {
            /**
             * @description Name of the asset; no other asset of the account has it.
             * @example second-battery
             */
            name: string;
            /**
             * @description Id of the asset's type, see `assets/types`.
             * @example 5
             */
            generic_asset_type_id: number;
            /**
             * @description Account that shall own the asset. Null makes it public, which is for admins.
             * @default null
             * @example 1
             */
            account_id?: number | null;
            /**
             * @description Degrees north of the equator.
             * @default null
             * @example 52.374
             */
            latitude?: number | null;
            /**
             * @description Degrees east of Greenwich.
             * @default null
             * @example 4.88969
             */
            longitude?: number | null;
            /**
             * @description Free properties of the asset, as the text of a JSON object. Sensors that it names must be ones that the user can read.
             * @default {}
             * @example {"capacity_in_mw": 0.25, "max_soc_in_mwh": 0.5}
             */
            attributes?: string;
        };
        /** @description A kind of assets. */
        AssetType: {
            /**
             * @description What assets of the type are.
             * @example stationary battery
             */
            description: string;
            /**
             * @description Id of the type.
             * @example 5
             */
            id: number;
            /**
             * @description Name of the type. Battery, one-way_evse and two-way_evse have a built-in scheduler.
             * @example battery
             */
            name: string;
        };
        /** @description What every answer with a single object carries. */
        Ok: {
            /**
             * @description The HTTP status, repeated.
             * @example 200
             * @enum {integer}
             */
            status: 200;
        };
        /** @description One asset. */
        AssetAnswer: components["schemas"]["Asset"] & components["schemas"]["Ok"];
        /** @description What shall change of an asset; the rest stays. Id and account cannot change. */
        AssetPatch: {
            /**
             * @description Name of the asset; no other asset of the account has it.
             * @example toy-battery
             */
            name?: string;
            /**
             * @description Id of the asset's type, see `assets/types`.
             * @example 5
             */
            generic_asset_type_id?: number;
            /**
             * @description Degrees north of the equator.
             * @example 52.375
             */
            latitude?: number | null;
            /**
             * @description Degrees east of Greenwich.
             * @example 4.89
             */
            longitude?: number | null;
            /**
             * @description All free properties of the asset, as the text of a JSON object; it replaces those before. Sensors that it names anew must be ones that the user can read.
             * @example {"capacity_in_mw": 0.5, "min_soc_in_mwh": 0.05, "max_soc_in_mwh": 0.45, "sensors_to_show": [3, 2]}
             */
            attributes?: string;
        };
        /** @description A Vega-Lite specification, to be given to a Vega-Lite renderer as it is. */
        ChartSpecification: {
            /**
             * @description What the chart shows.
             * @example A bar chart showing sensor data.
             */
            description: string;
            /**
             * @description The name of the data, `sensor_<id>` or `asset_<id>`, by which a page can add it later.
             * @example {
             *       "name": "sensor_3"
             *     }
             */
            data?: {
                [key: string]: unknown;
            };
            /**
             * @description Where `include_data` asks for it, the data by name: the answer of `chart_data`, and of a sensor also that of
             *     `chart_annotations` under `sensor_<id>_annotations`.
             * @example {
             *       "sensor_3": []
             *     }
             */
            datasets?: {
                [key: string]: unknown;
            };
            /**
             * @description Height in pixels. Panels of an asset's chart have their own.
             * @example 300
             */
            height?: number;
            /**
             * @description Width in pixels, or `container` for that of the element that holds the chart. Panels of an asset's chart have
             *     their own.
             */
            width?: number | string;
        } & {
            [key: string]: unknown;
        };
        /** @description Who or what holds the belief. */
        ChartSource: {
            /**
             * @description Id of the source.
             * @example 1
             */
            id: number;
            /**
             * @description Name of the source.
             * @example toy-user
             */
            name: string;
            /**
             * @description Model that the source uses; empty if it uses none.
             * @example
             */
            model: string;
            /**
             * @description Kind of the source, for instance `user`, `forecasting script` or `scheduling script`.
             * @example user
             */
            type: string;
            /**
             * @description Name and model in words, for legends.
             * @example toy-user
             */
            description: string;
        };
        /** @description Which sensor the event belongs to. */
        ChartSensor: {
            /**
             * @description Id of the sensor.
             * @example 3
             */
            id: number;
            /**
             * @description Name of the sensor.
             * @example Day ahead prices
             */
            name: string;
        };
        /** @description One belief about one event of one of an asset's sensors. */
        AssetChartBelief: {
            /**
             * Format: int64
             * @description Start of the event, in milliseconds since 1970 UTC.
             * @example 1795392000000
             */
            event_start: number;
            /**
             * Format: int64
             * @description How long before the event can be known the belief was recorded, in milliseconds; negative after it.
             * @example 0
             */
            belief_horizon: number;
            source: components["schemas"]["ChartSource"];
            /**
             * @description Probability that the value is not higher; 0.5 for deterministic beliefs.
             * @example 0.5
             */
            cumulative_probability: number;
            /**
             * @description The value, in the sensor's unit.
             * @example 10
             */
            event_value: number | null;
            sensor: components["schemas"]["ChartSensor"];
        };
        /** @description A time series about an asset. */
        Sensor: {
            /**
             * @description Address of the sensor by USEF's scheme; it ends in the sensor's id.
             * @example ea1.2026-12.localhost:fm1.2
             */
            entity_address: string;
            /**
             * @description How long an event of the sensor lasts, in minutes; 0 for instantaneous sensors.
             * @example 15
             */
            event_resolution: number;
            /**
             * @description Id of the asset that the sensor belongs to.
             * @example 3
             */
            generic_asset_id: number;
            /**
             * @description Id of the sensor.
             * @example 2
             */
            id: number;
            /**
             * @description Name of the sensor.
             * @example discharging
             */
            name: string;
            /**
             * @description IANA time zone in which calendar days of the sensor are meant.
             * @example Europe/Amsterdam
             */
            timezone: string;
            /**
             * @description Unit of the stored values.
             * @example MW
             */
            unit: string;
        };
        /**
         * @description Rule that tells when an event can be known: some time after its end, some time before its start, at one moment for
         *     all events, or at y o'clock in zone z, x days before the event.
         * @example ex_post
         * @enum {string}
         */
        KnowledgeHorizonFunction: "ex_post" | "ex_ante" | "at_date" | "x_days_ago_at_y_oclock";
        /**
         * @description Arguments of the rule: `ex_post_horizon` or `ex_ante_horizon` (a duration), `knowledge_time` (a moment), or `x`
         *     (days), `y` (hour) and `z` (time zone).
         * @example {
         *       "ex_post_horizon": "PT0H"
         *     }
         */
        KnowledgeHorizonParameters: {
            /**
             * @description Time between the event's end and its being known; negative when it is known before its end.
             * @default PT0H
             * @example PT0H
             */
            ex_post_horizon?: string;
            /**
             * @description Time between the event's being known and its start; negative when it is known after its start.
             * @example PT1H
             */
            ex_ante_horizon?: string;
            /**
             * Format: date-time
             * @description When all events can be known.
             * @example 2026-11-22T12:00:00+01:00
             */
            knowledge_time?: string;
            /**
             * @description Days before the event.
             * @example 1
             */
            x?: number;
            /**
             * @description Hour of that day.
             * @example 12
             */
            y?: number;
            /**
             * @description IANA time zone of days and hours.
             * @example Europe/Paris
             */
            z?: string;
        };
        /** @description A sensor to create. */
        SensorPost: {
            /**
             * @description Name of the sensor; no other sensor of the asset has it.
             * @example state of charge
             */
            name: string;
            /**
             * @description Unit of the values to store.
             * @example MWh
             */
            unit: string;
            /** @description How long an event of the sensor lasts, in minutes or as ISO 8601; 0 for instantaneous sensors. */
            event_resolution: number | string;
            /**
             * @description Id of the asset that the sensor belongs to.
             * @example 3
             */
            generic_asset_id: number;
            /**
             * @description IANA time zone in which calendar days of the sensor are meant.
             * @default UTC
             * @example Europe/Amsterdam
             */
            timezone?: string;
            /**
             * @description Free properties of the sensor, as the text of a JSON object. Sensors that it names must be ones that the user can read.
             * @default {}
             * @example {}
             */
            attributes?: string;
            /** @default ex_post */
            knowledge_horizon_fnc?: components["schemas"]["KnowledgeHorizonFunction"];
            /** @default {} */
            knowledge_horizon_par?: components["schemas"]["KnowledgeHorizonParameters"];
        };
        /** @description One sensor, with all that is known about it. */
        SensorDetails: components["schemas"]["Sensor"] & {
            /**
             * @description Free properties of the sensor, as the text of a JSON object.
             * @example {}
             */
            attributes: string;
            knowledge_horizon_fnc: components["schemas"]["KnowledgeHorizonFunction"];
            knowledge_horizon_par: components["schemas"]["KnowledgeHorizonParameters"];
        };
        /** @description The values of a window. It is covered from start to end, with null where nothing is known. */
        SensorData: {
            /**
             * Format: duration
             * @description Length of the window, in hours and smaller units.
             * @example PT4H
             */
            duration: string;
            /**
             * @description What happened, for people.
             * @example Request has been processed.
             */
            message: string;
            /**
             * Format: duration
             * @description How long each event lasts; PT0H for instantaneous sensors.
             * @example PT1H
             */
            resolution: string;
            /**
             * Format: date-time
             * @description Start of the window, with the offset that it was asked with.
             * @example 2026-11-23T01:00:00+01:00
             */
            start: string;
            /**
             * @description What happened, for programs.
             * @example PROCESSED
             * @enum {string}
             */
            status: "PROCESSED";
            /**
             * @description Unit of the values.
             * @example EUR/MWh
             */
            unit: string;
            /**
             * @description One value per step, of the most recent belief about it.
             * @example [
             *       10,
             *       11,
             *       12,
             *       15
             *     ]
             */
            values: (number | null)[];
        };
        /** @description A sensor, by its id or its entity address. */
        SensorReference: number | string;
        /**
         * @description A number, also as text.
         * @example 10
         */
        PostedValue: number | string;
        /**
         * @description A number, also as text; null where the value is unknown, which holds the place and is not stored.
         * @example 10
         */
        PostedValueOfSeries: number | string | null;
        /**
         * @description One value or a list of them.
         * @example [
         *       10,
         *       11,
         *       12,
         *       15
         *     ]
         */
        PostedValues: components["schemas"]["PostedValue"] | components["schemas"]["PostedValueOfSeries"][];
        /**
         * Format: date-time
         * @description Start of the first event.
         * @example 2026-11-23T01:00:00+01:00
         */
        PostedStart: string;
        /**
         * Format: duration
         * @description Time from the start of the first event to the end of the last.
         * @example PT4H
         */
        PostedDuration: string;
        /**
         * @description Unit of the values; it must be convertible to the sensor's.
         * @example EUR/MWh
         */
        PostedUnit: string;
        /**
         * Format: date-time
         * @description When all values were recorded; by default now. With `horizon` too, the earlier moment counts for each event.
         * @example 2026-11-22T12:00:00+01:00
         */
        PostedPrior: string;
        /**
         * @description How long before the end of its event each value was recorded; negative for values that were recorded after it.
         * @example -PT5M
         */
        PostedHorizon: string;
        /**
         * @description Kind of message. `PostMeterDataRequest` must lie in the past, `PostPrognosisRequest` in the future; these and the
         *     price and weather kinds check the kind of unit.
         * @default PostSensorDataRequest
         * @example PostSensorDataRequest
         * @enum {string}
         */
        PostedType: "PostSensorDataRequest" | "PostMeterDataRequest" | "PostPrognosisRequest" | "PostPriceDataRequest" | "PostWeatherDataRequest";
        /**
         * @description Values at equal distances, for a sensor. The distance is the duration divided by the number of values; unless the
         *     sensor is instantaneous it must be a multiple of its resolution, and the values are then repeated. One of `values`
         *     and `value` is needed.
         */
        SensorDataPost: {
            sensor: components["schemas"]["SensorReference"];
            values?: components["schemas"]["PostedValues"];
            value?: components["schemas"]["PostedValues"];
            start: components["schemas"]["PostedStart"];
            duration: components["schemas"]["PostedDuration"];
            unit: components["schemas"]["PostedUnit"];
            prior?: components["schemas"]["PostedPrior"];
            horizon?: components["schemas"]["PostedHorizon"];
            type?: components["schemas"]["PostedType"];
        };
        /** @description What became of posted data. */
        DataReceipt: {
            /**
             * @description What happened, for people.
             * @example Request has been processed.
             */
            message: string;
            /**
             * @description Only there when some values, or all, were known already.
             * @example PROCESSED
             * @enum {string}
             */
            results?: "PROCESSED";
            /**
             * @description `PROCESSED` when everything was new. The other when values were left out because their source believed them
             *     before, or when there was nothing to store; what was new is stored then too.
             * @example PROCESSED
             * @enum {string}
             */
            status: "PROCESSED" | "ALREADY_RECEIVED_AND_SUCCESSFULLY_PROCESSED";
        };
        /** @description Data that was not saved because it would replace stored data of the same source and recording time by other values. */
        ReplacementRejection: {
            /**
             * @description What is wrong, for people.
             * @example Some of the data represents a replacement, which is reserved for servers in play mode. Enable play mode or update the prior in your request.
             */
            message: string;
            /**
             * @description Always the same word; this one answer has the key in plural.
             * @example Rejected
             * @enum {string}
             */
            results: "Rejected";
            /**
             * @description What is wrong, for programs.
             * @example INVALID_REPLACEMENT
             * @enum {string}
             */
            status: "INVALID_REPLACEMENT";
        };
        /** @description One sensor. */
        SensorAnswer: components["schemas"]["SensorDetails"] & components["schemas"]["Ok"];
        /** @description What shall change of a sensor; the rest stays. Unit and resolution give stored data its meaning and stay. */
        SensorPatch: {
            /**
             * @description Name of the sensor; no other sensor of the asset has it.
             * @example discharging
             */
            name?: string;
            /**
             * @description IANA time zone in which calendar days of the sensor are meant.
             * @example Europe/Amsterdam
             */
            timezone?: string;
            /**
             * @description All free properties of the sensor, as the text of a JSON object; it replaces those before. Sensors that it names anew must be ones that the user can read.
             * @example {"is_strictly_non_negative": false}
             */
            attributes?: string;
        };
        /** @description Values at equal distances, for the sensor of the path. One of `values` and `value` is needed. */
        DataOfSensorPost: {
            values?: components["schemas"]["PostedValues"];
            value?: components["schemas"]["PostedValues"];
            start: components["schemas"]["PostedStart"];
            duration: components["schemas"]["PostedDuration"];
            unit: components["schemas"]["PostedUnit"];
            prior?: components["schemas"]["PostedPrior"];
            horizon?: components["schemas"]["PostedHorizon"];
            type?: components["schemas"]["PostedType"];
        };
        /** @description A file with data of the sensor, one event per row, and how to read it. */
        DataUpload: {
            /**
             * Format: binary
             * @description CSV, .xlsx, .xlsm, .xls or .ods. The name or the media type tells a spreadsheet from CSV, and its first bytes must
             *     agree: HTML or text that is named .xls is refused, as are .xlsb and files with a password.
             * @example Hour,Price
             *     2026-11-23T00:00:00Z,10
             *     2026-11-23T01:00:00Z,11
             */
            file: Blob;
            /**
             * @description Unit of the values; by default the sensor's.
             * @example EUR/MWh
             */
            unit?: string;
            /**
             * @description IANA time zone of moments without one; by default the sensor's.
             * @example UTC
             */
            timezone?: string;
            prior?: components["schemas"]["PostedPrior"];
            horizon?: components["schemas"]["PostedHorizon"];
            /**
             * @description Column of the event starts, a name or a number from 0.
             * @default 0
             * @example Hour
             */
            datecol?: string;
            /**
             * @description Column of the values, a name or a number from 0.
             * @default 1
             * @example Price
             */
            valuecol?: string;
            /**
             * @description Column of the recording times, a name or a number from 0. Without it `prior` and `horizon` tell.
             * @example Published
             */
            beliefcol?: string;
            /**
             * @description Rows to leave out at the top; by default a header is recognised.
             * @example 1
             */
            skiprows?: number;
            /**
             * @description What separates the columns of CSV.
             * @default ,
             * @example ;
             */
            delimiter?: string;
            /**
             * @description Decimal point of numbers in CSV.
             * @default .
             * @example ,
             */
            decimal?: string;
            /**
             * @description What groups the digits of numbers in CSV.
             * @example .
             */
            thousands?: string;
            /**
             * @description Sheet of a spreadsheet, from 0.
             * @default 0
             * @example 0
             */
            sheet_number?: number;
        };
        /** @description Who or what holds a belief. */
        DataSource: {
            /**
             * @description Id of the source.
             * @example 1
             */
            id: number;
            /**
             * @description A user's or a script's name.
             * @example toy-user
             */
            name: string;
            /**
             * @description Kind of the source, such as user, forecasting script or scheduling script.
             * @example user
             */
            type: string;
            /**
             * @description Model that a script uses.
             * @example null
             */
            model: string | null;
            /**
             * @description Version of the model.
             * @example null
             */
            version: string | null;
        };
        /** @description Key figures of what one source believes about a sensor's events. */
        SourceStats: {
            source: components["schemas"]["DataSource"];
            /**
             * @description How many events have a value.
             * @example 24
             */
            count: number;
            /**
             * Format: date-time
             * @description Start of the first event.
             * @example 2026-11-23T01:00:00+01:00
             */
            first_event_start: string;
            /**
             * Format: date-time
             * @description End of the last event.
             * @example 2026-11-24T01:00:00+01:00
             */
            last_event_end: string;
            /**
             * Format: date-time
             * @description When the source last recorded something.
             * @example 2026-11-22T12:00:00+01:00
             */
            last_belief_time: string;
            /**
             * @description Smallest value.
             * @example 4
             */
            min: number;
            /**
             * @description Largest value.
             * @example 18
             */
            max: number;
            /**
             * @description Mean of the values.
             * @example 10.104166666666666
             */
            mean: number;
            /**
             * @description Sum of the values.
             * @example 242.5
             */
            sum: number;
        };
        /** @description Key figures of a sensor's data, by data source. */
        SensorStats: components["schemas"]["Ok"] & {
            /**
             * @description Id of the sensor.
             * @example 3
             */
            sensor: number;
            /**
             * @description Unit of the figures.
             * @example EUR/MWh
             */
            unit: string;
            /** @description One entry per source that has data; the most recent belief about each event counts. */
            sources: components["schemas"]["SourceStats"][];
        };
        /** @description How far forecasts were from what came; null where nothing can be said. */
        Accuracy: {
            /**
             * @description How many events were compared.
             * @example 1440
             */
            count: number;
            /**
             * @description Mean absolute error.
             * @example 0.012
             */
            mae: number | null;
            /**
             * @description Root of the mean squared error.
             * @example 0.019
             */
            rmse: number | null;
            /**
             * @description Sum of absolute errors by sum of absolute values.
             * @example 0.06
             */
            wape: number | null;
            /**
             * @description 1 minus wape.
             * @example 0.94
             */
            accuracy: number | null;
        };
        /** @description How far one would have been without a model, on the same events. */
        BaselineAccuracy: components["schemas"]["Accuracy"] & {
            /**
             * @description What was taken for the forecast.
             * @example last-value
             * @enum {string}
             */
            method: "last-value" | "same-time-yesterday" | "same-time-last-week";
        };
        /** @description How well a source forecast so long before the end of events. */
        ForecastAccuracy: components["schemas"]["Accuracy"] & {
            source: components["schemas"]["DataSource"];
            /**
             * Format: duration
             * @description How long before the end of its event each forecast had been made, at least.
             * @example PT6H
             */
            horizon: string;
            /**
             * @description Share of values between the 10 and 90 % quantiles, which should be 0.8; null for a source without quantiles.
             * @example 0.79
             */
            coverage: number | null;
            /** @description The same figures for guesses without a model. */
            baselines: components["schemas"]["BaselineAccuracy"][];
        };
        /** @description How well a sensor was forecast, by horizon and source. */
        SensorAccuracy: components["schemas"]["Ok"] & {
            /**
             * @description Id of the sensor.
             * @example 2
             */
            sensor: number;
            /**
             * @description Unit of the sensor, in which absolute errors are given.
             * @example MW
             */
            unit: string;
            /**
             * Format: date-time
             * @description Start of the window that was looked at.
             * @example 2026-09-24T00:00:00+02:00
             */
            event_starts_after: string;
            /**
             * Format: date-time
             * @description End of the window that was looked at.
             * @example 2026-11-23T00:00:00+01:00
             */
            event_ends_before: string;
            /** @description One entry per horizon and source. */
            forecasts: components["schemas"]["ForecastAccuracy"][];
        };
        /**
         * @description An amount of energy: a number in `soc-unit`, also as text, or a text with a unit ("225 kWh") or in percent of
         *     attribute `max_soc_in_mwh` ("50%").
         */
        Quantity: number | string;
        /** @description A state of charge throughout an interval, which two of start, end and duration tell, or at a moment. */
        TimedSoc: {
            value: components["schemas"]["Quantity"];
            /**
             * Format: date-time
             * @description The moment; between two steps of the sensor it is moved to the end of the step, and for targets the answer says
             *     so. Targets lie after the start and within the longest schedule.
             * @example 2026-11-23T16:00:00+01:00
             */
            datetime?: string;
            /**
             * Format: date-time
             * @description When the interval starts.
             * @example 2026-11-23T16:00:00+01:00
             */
            start?: string;
            /**
             * Format: date-time
             * @description When the interval ends; still part of it.
             * @example 2026-11-23T18:00:00+01:00
             */
            end?: string;
            /**
             * Format: duration
             * @description How long the interval lasts.
             * @example PT2H
             */
            duration?: string;
        };
        /** @description What a sensor records. */
        SensorQuantity: {
            /** @description The sensor. */
            sensor: components["schemas"]["SensorReference"];
        };
        /** @description States of charge over time, written down or recorded by a sensor. */
        SocSeries: components["schemas"]["TimedSoc"][] | components["schemas"]["SensorQuantity"];
        /** @description A state of charge to reach at some moment. */
        SocTarget: {
            value: components["schemas"]["Quantity"];
            /**
             * Format: date-time
             * @description When the value is reached; after the start and within the longest schedule. Between two steps of the sensor it
             *     is moved to the end of the step, and the answer says so.
             * @example 2026-11-23T16:00:00+01:00
             */
            datetime: string;
        };
        /** @description A number, also as text, or a text with a unit. */
        SignedQuantity: number | string;
        /** @description A quantity throughout an interval, which two of start, end and duration tell, or at a moment. */
        TimedQuantity: {
            value: components["schemas"]["SignedQuantity"];
            /**
             * Format: date-time
             * @description The moment.
             * @example 2026-11-23T16:00:00+01:00
             */
            datetime?: string;
            /**
             * Format: date-time
             * @description When the interval starts.
             * @example 2026-11-23T16:00:00+01:00
             */
            start?: string;
            /**
             * Format: date-time
             * @description When the interval ends.
             * @example 2026-11-23T18:00:00+01:00
             */
            end?: string;
            /**
             * Format: duration
             * @description How long the interval lasts.
             * @example PT2H
             */
            duration?: string;
        };
        /** @description A power that may change over time, or a list of such powers, which add up. */
        Flows: string | components["schemas"]["SensorQuantity"] | (string | components["schemas"]["SensorQuantity"] | components["schemas"]["TimedQuantity"] | components["schemas"]["TimedQuantity"][])[];
        /** @description A share above 0 and up to 1, as a number, a text, or in percent. */
        Efficiency: number | string;
        /** @description A quantity that may change over time - fixed, written down for intervals, or recorded by a sensor. */
        VariableQuantity: number | string | components["schemas"]["SensorQuantity"] | components["schemas"]["TimedQuantity"][];
        /** @description An interval, which two of start, end and duration tell. */
        Interval: {
            /**
             * Format: date-time
             * @description When the interval starts.
             * @example 2026-11-23T16:00:00+01:00
             */
            start?: string;
            /**
             * Format: date-time
             * @description When the interval ends.
             * @example 2026-11-23T18:00:00+01:00
             */
            end?: string;
            /**
             * Format: duration
             * @description How long the interval lasts.
             * @example PT2H
             */
            duration?: string;
        };
        /**
         * @description State and limits of the device. Fields that are not sent are taken from attributes of the sensor, of its asset or of a
         *     parent asset. Fields with `soc-` and efficiencies describe a storage (battery, charge point, heat buffer),
         *     `process-type` and the fields after it a process. A device without either that has a `production-capacity` is
         *     curtailable production. A custom scheduler may read other fields; the built-in ones refuse them.
         */
        FlexModel: {
            /**
             * @description State of charge at the start of the schedule. By default attribute `soc_in_mwh` if attribute `soc_datetime` is the start, else 0.
             * @example 225 kWh
             */
            "soc-at-start"?: components["schemas"]["Quantity"];
            /**
             * @description Unit of states of charge without a unit of their own. By default kWh for sensors in kW, else MWh.
             * @example MWh
             * @enum {string}
             */
            "soc-unit"?: "kWh" | "MWh";
            /**
             * @description Lowest state of charge at the end of each step. By default attribute `min_soc_in_mwh`, else 0.
             * @example 10%
             */
            "soc-min"?: components["schemas"]["Quantity"];
            /**
             * @description Highest state of charge at the end of each step. By default attribute `max_soc_in_mwh`, else the highest target.
             * @example 450 kWh
             */
            "soc-max"?: components["schemas"]["Quantity"];
            /**
             * @description States of charge to reach, each at an instant or during an interval.
             * @example [
             *       {
             *         "value": "400 kWh",
             *         "datetime": "2026-11-23T16:00:00+01:00"
             *       }
             *     ]
             */
            "soc-targets"?: components["schemas"]["SocSeries"];
            /**
             * @description Another way to write `soc-targets` if there is only one.
             * @example {
             *       "value": "400 kWh",
             *       "datetime": "2026-11-23T16:00:00+01:00"
             *     }
             */
            "soc-target"?: components["schemas"]["SocTarget"];
            /**
             * @description Lowest states of charge at instants or during intervals, in addition to `soc-min`.
             * @example [
             *       {
             *         "value": "100 kWh",
             *         "datetime": "2026-11-23T16:00:00+01:00"
             *       }
             *     ]
             */
            "soc-minima"?: components["schemas"]["SocSeries"];
            /**
             * @description Highest states of charge at instants or during intervals, in addition to `soc-max`.
             * @example [
             *       {
             *         "value": "300 kWh",
             *         "start": "2026-11-23T16:00:00+01:00",
             *         "end": "2026-11-23T18:00:00+01:00"
             *       }
             *     ]
             */
            "soc-maxima"?: components["schemas"]["SocSeries"];
            /**
             * @description Power taken from the storage behind the meter, such as heat that is used; a list is added up.
             * @example [
             *       "3 kW",
             *       {
             *         "sensor": 5
             *       }
             *     ]
             */
            "soc-usage"?: components["schemas"]["Flows"];
            /**
             * @description Power into the storage behind the meter, such as solar heat; a list is added up.
             * @example [
             *       "3 kW",
             *       {
             *         "sensor": 5
             *       }
             *     ]
             */
            "soc-gain"?: components["schemas"]["Flows"];
            /**
             * @description Share of the charged energy that comes out again; half of the loss counts for charging, half for discharging. By default 1.
             * @example 90%
             */
            "roundtrip-efficiency"?: components["schemas"]["Efficiency"];
            /**
             * @description Energy into the storage per energy at the meter, in addition to `roundtrip-efficiency`; above 1 for heat pumps. By default 1.
             * @example 300%
             */
            "charging-efficiency"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Energy at the meter per energy out of the storage, in addition to `roundtrip-efficiency`. By default 1.
             * @example 95%
             */
            "discharging-efficiency"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Share of the stored energy that is left after one step. By default 1.
             * @example 99.9%
             */
            "storage-efficiency"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Highest power in both directions. By default attribute `capacity_in_mw`.
             * @example 50 kW
             */
            "power-capacity"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Highest consumption; `%` is of `power-capacity`. By default `power-capacity`.
             * @example 80%
             */
            "consumption-capacity"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Highest production; `%` is of `power-capacity`. For curtailable production: the power that it could produce. By default `power-capacity`.
             * @example {
             *       "sensor": 5
             *     }
             */
            "production-capacity"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Whether to charge earlier and discharge later if the costs are equal.
             * @default true
             * @example true
             */
            "prefer-charging-sooner"?: boolean;
            /**
             * @description Makes the device a process, which runs as early as possible (INFLEXIBLE), at the best time (SHIFTABLE), or at the best times with breaks (BREAKABLE).
             * @example SHIFTABLE
             * @enum {string}
             */
            "process-type"?: "INFLEXIBLE" | "SHIFTABLE" | "BREAKABLE";
            /**
             * @description Power of a process while it runs.
             * @example 2 kW
             */
            power?: components["schemas"]["SignedQuantity"];
            /**
             * Format: duration
             * @description How long a process runs.
             * @example PT2H
             */
            duration?: string;
            /**
             * @description When a process must not run.
             * @example [
             *       {
             *         "start": "2026-11-23T16:00:00+01:00",
             *         "duration": "PT2H"
             *       }
             *     ]
             */
            "time-restrictions"?: components["schemas"]["Interval"][];
        } & {
            [key: string]: unknown;
        };
        /**
         * @description A price of energy with its unit that may change over time - fixed, written down for intervals, or recorded by a
         *     sensor. All prices of a request are in one currency.
         */
        Price: string | components["schemas"]["SensorQuantity"] | components["schemas"]["TimedQuantity"][];
        /**
         * @description A price with its unit. All prices of a request are in one currency.
         * @example 260 EUR/MW
         */
        FixedPrice: string;
        /**
         * @description Prices and limits of the site. Fields that are not sent are taken from attributes of the asset or of a parent asset. A
         *     custom scheduler may read other fields; the built-in ones refuse them.
         *
         *     With a breach price, a limit may be exceeded. A price per MW (per MWh of stock) applies to the highest breach, and also
         *     to each breach and hour. A price per MW and hour, such as EUR/MWh for a power, applies to each breach and hour only.
         */
        FlexContext: {
            /**
             * @description Price of the energy that the site consumes. Replaces `consumption-price-sensor`.
             * @example {
             *       "sensor": 3
             *     }
             */
            "consumption-price"?: components["schemas"]["Price"];
            /**
             * @description Price of the energy that the site produces. Replaces `production-price-sensor`. By default the price of consumption.
             * @example 0.05 EUR/kWh
             */
            "production-price"?: components["schemas"]["Price"];
            /**
             * @description Sensor with the price of the energy that the site consumes. By default attribute `market_id`.
             * @example 3
             */
            "consumption-price-sensor"?: components["schemas"]["SensorReference"];
            /**
             * @description Sensor with the price of the energy that the site produces. By default the price of consumption.
             * @example 3
             */
            "production-price-sensor"?: components["schemas"]["SensorReference"];
            /**
             * @description Power sensors of devices of the site that are not scheduled. Unknown values count as 0.
             * @example [
             *       4
             *     ]
             */
            "inflexible-device-sensors"?: components["schemas"]["SensorReference"][];
            /**
             * @description Another way to write `inflexible-device-sensors` if there is only one.
             * @example 4
             */
            "inflexible-device-sensor"?: components["schemas"]["SensorReference"];
            /**
             * @description Capacity of the connection of the site in both directions; a hard limit. By default attribute `capacity_in_mw`.
             * @example 45 kW
             */
            "site-power-capacity"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Highest consumption of the site; `%` is of `site-power-capacity`. By default `site-power-capacity`.
             * @example 45 kW
             */
            "site-consumption-capacity"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Highest production of the site; `%` is of `site-power-capacity`. By default `site-power-capacity`.
             * @example 0 kW
             */
            "site-production-capacity"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Price of exceeding `site-consumption-capacity`. By default the limit is hard.
             * @example 1000 EUR/MW
             */
            "site-consumption-breach-price"?: components["schemas"]["FixedPrice"];
            /**
             * @description Price of exceeding `site-production-capacity`. By default the limit is hard.
             * @example 1000 EUR/MW
             */
            "site-production-breach-price"?: components["schemas"]["FixedPrice"];
            /**
             * @description Highest consumption before the schedule, up to which there is no peak price. By default 0.
             * @example 20 kW
             */
            "site-peak-consumption"?: components["schemas"]["SignedQuantity"];
            /**
             * @description Highest production before the schedule, up to which there is no peak price. By default 0.
             * @example 20 kW
             */
            "site-peak-production"?: components["schemas"]["SignedQuantity"];
            /**
             * @description Price of the highest consumption during the schedule, as far as it exceeds `site-peak-consumption`.
             * @example 260 EUR/MW
             */
            "site-peak-consumption-price"?: components["schemas"]["FixedPrice"];
            /**
             * @description Price of the highest production during the schedule, as far as it exceeds `site-peak-production`.
             * @example 260 EUR/MW
             */
            "site-peak-production-price"?: components["schemas"]["FixedPrice"];
            /**
             * @description Price of exceeding `consumption-capacity` of a device, up to its `power-capacity`. By default the limit is hard.
             * @example 10 EUR/kW
             */
            "consumption-breach-price"?: components["schemas"]["FixedPrice"];
            /**
             * @description Price of exceeding `production-capacity` of a device, up to its `power-capacity`. By default the limit is hard.
             * @example 10 EUR/kW
             */
            "production-breach-price"?: components["schemas"]["FixedPrice"];
            /**
             * @description Price of falling below `soc-minima`. By default the limit is hard.
             * @example 5 EUR/kWh
             */
            "soc-minima-breach-price"?: components["schemas"]["FixedPrice"];
            /**
             * @description Price of rising above `soc-maxima`. By default the limit is hard.
             * @example 5 EUR/kWh
             */
            "soc-maxima-breach-price"?: components["schemas"]["FixedPrice"];
        } & {
            [key: string]: unknown;
        };
        /**
         * @description A schedule to compute for a device. Fields of `flex-model` and `flex-context` that stand at the top level are
         *     deprecated; where a field is sent in both places, the top level does not count.
         */
        SchedulePost: {
            /**
             * Format: date-time
             * @description When the schedule starts. A start between two steps of the sensor is moved down, and the answer says so.
             * @example 2026-11-23T07:00:00+01:00
             */
            start: string;
            /**
             * Format: duration
             * @description Length of the schedule. By default `FLEXMEASURES_PLANNING_HORIZON` (48 hours), extended to the last target; at
             *     most `FLEXMEASURES_MAX_PLANNING_HORIZON` (169 hours).
             * @example PT12H
             */
            duration?: string;
            /**
             * Format: duration
             * @description Length of the steps in which the schedule is made; by default that of the sensor's events. Either has to hold
             *     the other a whole number of times. Longer steps are stored as equal events, shorter ones as their mean.
             * @example PT1H
             */
            resolution?: string;
            /**
             * Format: date-time
             * @description Use only what was recorded up to this moment; by default what is known when the work is done.
             * @example 2026-11-23T00:00:00+01:00
             */
            prior?: string;
            /**
             * @description Compute anew. Otherwise the same request gets the same schedule while that waits, is computed, or was computed
             *     within `FLEXMEASURES_JOB_CACHE_TTL` (1 hour).
             * @default false
             * @example true
             */
            force_new_job_creation?: boolean;
            "flex-model"?: components["schemas"]["FlexModel"];
            "flex-context"?: components["schemas"]["FlexContext"];
            /**
             * @deprecated
             * @description Goes into `flex-model`.
             */
            "soc-at-start"?: components["schemas"]["Quantity"];
            /**
             * @deprecated
             * @description Goes into `flex-model`.
             * @example MWh
             * @enum {string}
             */
            "soc-unit"?: "kWh" | "MWh";
            /**
             * @deprecated
             * @description Goes into `flex-model`.
             */
            "soc-min"?: components["schemas"]["Quantity"];
            /**
             * @deprecated
             * @description Goes into `flex-model`.
             */
            "soc-max"?: components["schemas"]["Quantity"];
            /**
             * @deprecated
             * @description Goes into `flex-model`.
             */
            "soc-targets"?: components["schemas"]["SocTarget"][];
            /**
             * @deprecated
             * @description Goes into `flex-model`.
             */
            "roundtrip-efficiency"?: components["schemas"]["Efficiency"];
            /**
             * @deprecated
             * @description Goes into `flex-model`.
             * @example true
             */
            "prefer-charging-sooner"?: boolean;
            /**
             * @deprecated
             * @description Goes into `flex-context`.
             */
            "consumption-price-sensor"?: components["schemas"]["SensorReference"];
            /**
             * @deprecated
             * @description Goes into `flex-context`.
             */
            "production-price-sensor"?: components["schemas"]["SensorReference"];
            /**
             * @deprecated
             * @description Goes into `flex-context`.
             */
            "inflexible-device-sensors"?: components["schemas"]["SensorReference"][];
        };
        /** @description A schedule was asked for and will be computed. */
        ScheduleReceipt: {
            /**
             * @description What happened, what was moved to the sensor's steps, and which deprecated fields were sent, for people.
             * @example Request has been processed.
             */
            message: string;
            /**
             * Format: uuid
             * @description UUID under which the schedule, and its job, can be fetched.
             * @example 364bfd06-c1fa-430b-8d25-8f5a547651fb
             */
            schedule: string;
            /**
             * @description What happened, for programs.
             * @example PROCESSED
             * @enum {string}
             */
            status: "PROCESSED";
        };
        /** @description A schedule, or the first part of it. */
        Schedule: {
            /**
             * Format: duration
             * @description Length of what is given.
             * @example PT6H
             */
            duration: string;
            /**
             * @description What happened, for people. Tells what was assumed or moved and, when no schedule could keep all limits, why this
             *     one is a fallback.
             * @example Request has been processed.
             */
            message: string;
            /**
             * Format: date-time
             * @description When the schedule starts, in the sensor's time zone.
             * @example 2026-11-23T07:00:00+01:00
             */
            start: string;
            /**
             * @description What happened, for programs.
             * @example PROCESSED
             * @enum {string}
             */
            status: "PROCESSED";
            /**
             * @description Unit of the values, the sensor's.
             * @example MW
             */
            unit: string;
            /**
             * @description Power of each step, of the sensor's resolution; consumption is positive.
             * @example [
             *       0,
             *       0,
             *       -0.164078,
             *       -0.5
             *     ]
             */
            values: number[];
        };
        /** @description A device of a site, by its power sensor, with its state and limits. */
        SiteFlexModel: components["schemas"]["FlexModel"] & ({
            /** @description Power sensor of the device, for which the schedule is stored. */
            sensor: components["schemas"]["SensorReference"];
        } & {
            [key: string]: unknown;
        });
        /** @description Schedules to compute for devices behind one connection, together. */
        SiteSchedulePost: {
            /**
             * Format: date-time
             * @description When the schedules start; moved down to the start of a step, and the answer says so.
             * @example 2026-11-23T07:00:00+01:00
             */
            start: string;
            /**
             * Format: duration
             * @description Length of the schedules. By default `FLEXMEASURES_PLANNING_HORIZON` (48 hours), extended to the last target; at
             *     most `FLEXMEASURES_MAX_PLANNING_HORIZON` (169 hours).
             * @example PT12H
             */
            duration?: string;
            /**
             * Format: duration
             * @description Length of the steps in which the schedules are made; by default that of the sensors' events, which then have to
             *     be equally long.
             * @example PT15M
             */
            resolution?: string;
            /**
             * Format: date-time
             * @description Use only what was recorded up to this moment; by default what is known when the work is done.
             * @example 2026-11-23T00:00:00+01:00
             */
            prior?: string;
            /**
             * @description The devices. One whose flex-model says nothing about what it can do counts as inflexible, with the power that is
             *     known of it.
             */
            "flex-model": components["schemas"]["SiteFlexModel"][];
            "flex-context"?: components["schemas"]["FlexContext"];
            /**
             * @description Schedule the devices one after another, in the order of the list, each seeing the power of those before it;
             *     instead of all together.
             * @default false
             * @example false
             */
            sequential?: boolean;
            /**
             * @description Compute anew. Otherwise the same request gets the same schedules while those wait, are computed, or were computed
             *     within `FLEXMEASURES_JOB_CACHE_TTL` (1 hour).
             * @default false
             * @example true
             */
            force_new_job_creation?: boolean;
        };
        /** @description What one term of the site's contract costs, or breaking one limit. */
        CommitmentCost: {
            /**
             * @description `consumption` and `production` of energy, `site-peak-consumption`, `site-peak-production`, or a limit that may
             *     be broken at a price, such as `site-consumption-breach` or `soc-minima-breach`.
             * @example consumption
             */
            commitment: string;
            /**
             * @description Id of the sensor of the device that it is about; not given for the site's.
             * @example 2
             */
            sensor?: number;
            /**
             * @description In the currency, over the schedule; negative for a gain.
             * @example -3.303263
             */
            cost: number;
        };
        /** @description The schedule of one device. */
        DeviceSchedule: {
            /**
             * Format: duration
             * @description Length of a step, the resolution of the sensor.
             * @example PT15M
             */
            resolution: string;
            /**
             * @description Id of the device's power sensor.
             * @example 2
             */
            sensor: number;
            /**
             * @description Unit of the values, the sensor's.
             * @example MW
             */
            unit: string;
            /**
             * @description Power of each step; consumption is positive.
             * @example [
             *       0,
             *       0,
             *       -0.164078,
             *       -0.5
             *     ]
             */
            values: number[];
        };
        /** @description The schedules of a site's devices, and what they cost. */
        SiteSchedule: {
            /** @description What the cost is made of. */
            commitments: components["schemas"]["CommitmentCost"][];
            /**
             * @description Expected cost of the site over the schedules, by the prices that were used; negative for a gain. null where nobody
             *     knows it, as with a custom scheduler.
             * @example -3.303263
             */
            cost: number | null;
            /**
             * @description Currency of the costs; null without one.
             * @example EUR
             */
            currency: string | null;
            /**
             * Format: duration
             * @description Length of the schedules.
             * @example PT12H
             */
            duration: string;
            /**
             * @description What happened, for people. Tells what was assumed or moved and, when no schedule could keep all limits, why this
             *     one is a fallback.
             * @example Request has been processed.
             */
            message: string;
            /** @description One per device that could be scheduled, in the order of the request. */
            schedules: components["schemas"]["DeviceSchedule"][];
            /**
             * Format: date-time
             * @description When the schedules start, in the time zone of the first sensor.
             * @example 2026-11-23T07:00:00+01:00
             */
            start: string;
            /**
             * @description What happened, for programs.
             * @example PROCESSED
             * @enum {string}
             */
            status: "PROCESSED";
        };
        /** @description A person or program that logs in. */
        User: {
            /**
             * @description Account that the user belongs to.
             * @example 1
             */
            account_id: number;
            /**
             * @description Whether the user can log in and use tokens.
             * @example true
             */
            active: boolean;
            /**
             * Format: email
             * @description E-mail address, with which the user logs in.
             * @example toy-user@flexmeasures.io
             */
            email: string;
            /**
             * @description Ids of the user's roles.
             * @example [
             *       3
             *     ]
             */
            flexmeasures_roles: number[];
            /**
             * @description Id of the user.
             * @example 1
             */
            id: number;
            /**
             * @description When the user last logged in, in UTC and written without an offset.
             * @example 2026-11-22T19:38:02.174216
             */
            last_login_at: string | null;
            /**
             * @description When the user last sent a request, to the minute, in UTC and written without an offset.
             * @example 2026-11-22T19:39:30.810303
             */
            last_seen_at: string | null;
            /**
             * @description IANA time zone of the user.
             * @example Europe/Amsterdam
             */
            timezone: string;
            /**
             * @description Name of the user, unique on the server.
             * @example toy-user
             */
            username: string;
        };
        /** @description One user. */
        UserAnswer: components["schemas"]["User"] & components["schemas"]["Ok"];
        /**
         * @description What shall change of a user; the rest stays. Users change their own name, e-mail address and time zone;
         *     account-admins also change roles and activity of their account's users, and give no roles above their own: `admin`
         *     and `admin-reader` are for admins to give and take, who alone change the users that have them. Nobody changes their
         *     own roles or activity. Deactivation ends all tokens and sessions of the user.
         */
        UserPatch: {
            /**
             * @description Whether the user can log in and use tokens.
             * @example true
             */
            active?: boolean;
            /**
             * Format: email
             * @description E-mail address; no other user has it.
             * @example toy-user@flexmeasures.io
             */
            email?: string;
            /**
             * @description Ids of all roles that the user shall have.
             * @example [
             *       3
             *     ]
             */
            flexmeasures_roles?: number[];
            /**
             * @description IANA time zone of the user.
             * @example Europe/Berlin
             */
            timezone?: string;
            /**
             * @description Name of the user; no other user has it.
             * @example toy-user
             */
            username?: string;
        };
        /** @description An organisation with its users and assets. */
        Account: {
            /**
             * @description Ids of the roles that the account has.
             * @example []
             */
            account_roles: number[];
            /**
             * @description Id of the account.
             * @example 1
             */
            id: number;
            /**
             * @description Name of the account.
             * @example Toy Account
             */
            name: string;
        };
        /** @description One account. */
        AccountAnswer: components["schemas"]["Account"] & components["schemas"]["Ok"];
        /** @description A constraint that stands against another one. */
        ConflictingLimit: {
            /**
             * @description Name of the field that sets it.
             * @example power-capacity
             */
            constraint: string;
            /**
             * @description Id of the sensor of the device whose constraint it is; not given for the site's.
             * @example 2
             */
            sensor?: number;
            /**
             * @description MW of a capacity, MWh of a state of charge; not given where it changes in that time.
             * @example 0.004
             */
            value?: number;
        };
        /** @description A constraint that cannot be kept, and what stands against it. */
        Conflict: {
            /**
             * @description The conflict as a sentence.
             * @example car (sensor 2): soc-target 25 kWh at 2026-03-06T06:00:00+01:00 needs 12.9 kWh within 2 h, but power-capacity 4 kW allows 8 kWh.
             */
            message: string;
            /**
             * @description `energy`: the state of charge cannot be brought to a bound in time. `bounds`: two bounds of one instant exclude
             *     each other. `power`: the site's capacity is exceeded whatever the devices do. `time`: a process finds no time.
             * @example energy
             * @enum {string}
             */
            kind: "energy" | "bounds" | "power" | "time";
            /**
             * @description Name of the field that cannot be kept.
             * @example soc-target
             */
            constraint: string;
            /**
             * @description Id of the sensor of the device whose constraint it is; not given for the site's.
             * @example 2
             */
            sensor?: number;
            /**
             * Format: date-time
             * @description When the time in question begins.
             * @example 2026-03-06T04:00:00+01:00
             */
            from: string;
            /**
             * Format: date-time
             * @description When the constraint is due; the end of the step for powers.
             * @example 2026-03-06T06:00:00+01:00
             */
            at: string;
            /**
             * Format: date-time
             * @description Until when it stays missed without a break.
             * @example 2026-03-06T06:00:00+01:00
             */
            until: string;
            /**
             * @description Unit of the amounts, MWh for `energy` and `bounds`, MW for `power`, hours for `time`.
             * @example MWh
             * @enum {string}
             */
            unit: "MWh" | "MW" | "h";
            /**
             * @description What the constraint says.
             * @example 0.025
             */
            wanted: number;
            /**
             * @description What is possible nearest to it.
             * @example 0.0201
             */
            possible: number;
            /**
             * @description What it takes to keep the constraint: energy to be charged (discharged, where less is wanted than is possible)
             *     in the time in question, power to make up for, or hours to run.
             * @example 0.0129
             */
            needed: number;
            /**
             * @description How much of that is possible; negative where devices are forced to the contrary.
             * @example 0.008
             */
            available: number;
            /** @description What stands against the constraint. */
            limited_by: components["schemas"]["ConflictingLimit"][];
        };
        /** @description Figures of one storage. */
        StorageKpis: {
            /**
             * @description Id of its sensor.
             * @example 2
             */
            sensor: number;
            /**
             * @description Energy that it takes, at the meter.
             * @example 2.4
             */
            charged_in_mwh: number;
            /**
             * @description Energy that it gives, at the meter.
             * @example 2.1
             */
            discharged_in_mwh: number;
            /**
             * @description How often it is filled and emptied in sum: what goes into the stock and out of it, as a share of twice what it
             *     holds between its bounds; null where it has none.
             * @example 5.6
             */
            full_cycles: number | null;
        };
        /** @description Figures of a schedule; of the whole site at its connection, where not told. */
        Kpis: {
            /**
             * @description Energy that the site takes from the grid.
             * @example 2.4
             */
            consumed_in_mwh: number;
            /**
             * @description Energy that the site gives to the grid.
             * @example 2.1
             */
            produced_in_mwh: number;
            /**
             * @description Highest mean power of a step that the site takes.
             * @example 0.5
             */
            peak_consumption_in_mw: number;
            /**
             * @description Highest mean power of a step that the site gives.
             * @example 0.5
             */
            peak_production_in_mw: number;
            /**
             * @description Share of what devices other than storages produce that does not leave the site in the same step; null where they
             *     produce nothing.
             * @example null
             */
            self_consumption: number | null;
            /** @description What each storage does. */
            storages: components["schemas"]["StorageKpis"][];
        };
        /** @description What a schedule's job stored. */
        JobResult: {
            /**
             * @description Id of the sensor that the schedule is for, where one sensor alone was asked for.
             * @example 2
             */
            sensor?: number;
            /**
             * @description Id of the asset whose devices were scheduled together.
             * @example 2
             */
            asset?: number;
            /**
             * @description Ids of the sensors of the devices that were scheduled together.
             * @example [
             *       2
             *     ]
             */
            sensors?: number[];
            /**
             * Format: date-time
             * @description When the schedule starts.
             * @example 2026-11-23T06:00:00.000Z
             */
            start?: string;
            /**
             * @description How many values the schedule has.
             * @example 48
             */
            steps?: number;
            /**
             * Format: duration
             * @description Length of a step.
             * @example PT15M
             */
            resolution?: string;
            /**
             * Format: date-time
             * @description Recording time of the schedule's values.
             * @example 2026-11-22T21:50:00.120Z
             */
            belief_time?: string;
            /**
             * @description Id of the data source of the schedule's values.
             * @example 2
             */
            source?: number;
            /**
             * @description Cost of the site's energy over the schedule, by the prices that were used; negative for a gain. Null for a custom
             *     scheduler, which may use prices or not.
             * @example -3.303263
             */
            cost?: number | null;
            /**
             * @description Currency of the cost; null without one.
             * @example EUR
             */
            currency?: string | null;
            /** @description What the cost is made of. */
            commitments?: components["schemas"]["CommitmentCost"][];
            /**
             * @description By how much another schedule could at most be cheaper, in the currency; null where nothing is proven, as for a
             *     fallback or for devices that were scheduled one after another.
             * @example 0
             */
            gap?: number | null;
            /**
             * @description Why no schedule could keep all limits, so that this one is a fallback; null if it is none.
             * @example null
             */
            fallback_reason?: string | null;
            /** @description Which constraints exclude each other, when and by how much; empty unless the schedule is a fallback. */
            conflicts?: components["schemas"]["Conflict"][];
            /** @description Figures to judge the schedule by; null for jobs that were finished before there were any. */
            kpis?: components["schemas"]["Kpis"] | null;
            /**
             * @description What was assumed, for people.
             * @example []
             */
            warnings?: string[];
        } & {
            [key: string]: unknown;
        };
        /** @description Work that was asked for, and how far it is. */
        Job: components["schemas"]["Ok"] & {
            /**
             * Format: uuid
             * @description UUID of the job.
             * @example 364bfd06-c1fa-430b-8d25-8f5a547651fb
             */
            id: string;
            /**
             * @description Queue that the job waits in, `scheduling` or `forecasting`.
             * @example scheduling
             */
            queue: string;
            /**
             * @description How far the job is.
             * @example finished
             * @enum {string}
             */
            state: "queued" | "started" | "finished" | "failed";
            /**
             * @description Why the job failed, for people; null unless it did.
             * @example null
             */
            failure_reason: string | null;
            /** @description What came out; null unless the job is finished. Other jobs than schedules have fields of their own. */
            result: components["schemas"]["JobResult"] | null;
            /**
             * Format: date-time
             * @description When the job was asked for.
             * @example 2026-11-22T21:50:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When somebody took the job up.
             * @example 2026-11-22T21:50:00.120Z
             */
            started_at: string | null;
            /**
             * Format: date-time
             * @description When the job was finished or failed.
             * @example 2026-11-22T21:50:00.310Z
             */
            ended_at: string | null;
        };
        /** @description From the first to the last event. */
        TimeRange: {
            /**
             * @description End of the last event, as an HTTP date; now, while there is none.
             * @example Tue, 24 Nov 2026 00:00:00 GMT
             */
            end: string;
            /**
             * @description Start of the first event, as an HTTP date; now, while there is none.
             * @example Mon, 23 Nov 2026 00:00:00 GMT
             */
            start: string;
        };
        /** @description What charts need to know about an asset. */
        AssetForCharts: components["schemas"]["Ok"] & {
            /**
             * @description Name of the asset.
             * @example toy-battery
             */
            name: string;
            timerange_of_sensors_to_show: components["schemas"]["TimeRange"];
            /**
             * @description IANA time zone of the asset.
             * @example Europe/Amsterdam
             */
            timezone: string;
        };
        /** @description What charts need to know about a sensor. */
        SensorForCharts: components["schemas"]["Ok"] & {
            /**
             * @description Name of the sensor.
             * @example Day ahead prices
             */
            name: string;
            timerange: components["schemas"]["TimeRange"];
            /**
             * @description IANA time zone of the sensor.
             * @example Europe/Amsterdam
             */
            timezone: string;
        };
        /** @description One belief about one event of a sensor. */
        SensorChartBelief: {
            /**
             * Format: int64
             * @description Start of the event, in milliseconds since 1970 UTC.
             * @example 1795392000000
             */
            event_start: number;
            /**
             * Format: int64
             * @description When the belief was recorded, in milliseconds since 1970 UTC.
             * @example 1795345200000
             */
            belief_time: number;
            /**
             * Format: int64
             * @description How long before the event can be known the belief was recorded, in milliseconds; negative after it.
             * @example 0
             */
            belief_horizon: number;
            source: components["schemas"]["ChartSource"];
            /**
             * @description Probability that the value is not higher; 0.5 for deterministic beliefs.
             * @example 0.5
             */
            cumulative_probability: number;
            /**
             * @description The value, in the sensor's unit.
             * @example 10
             */
            event_value: number | null;
            sensor: components["schemas"]["ChartSensor"];
        };
        /** @description A remark about a period. */
        ChartAnnotation: {
            /**
             * Format: int64
             * @description Start of the period, in milliseconds since 1970 UTC.
             * @example 1798153200000
             */
            start: number;
            /**
             * Format: int64
             * @description End of the period, in milliseconds since 1970 UTC.
             * @example 1798239600000
             */
            end: number;
            /**
             * Format: int64
             * @description When the remark was made, in milliseconds since 1970 UTC.
             * @example 1795345200000
             */
            belief_time: number | null;
            /**
             * @description The remark, in lines that fit into a chart.
             * @example [
             *       "Christmas Day"
             *     ]
             */
            content: string[];
            source: components["schemas"]["ChartSource"];
            /**
             * @description Kind of the remark.
             * @example holiday
             * @enum {string}
             */
            type: "alert" | "error" | "feedback" | "holiday" | "label" | "warning";
        };
    };
    responses: {
        /** @description Any other failure. */
        Failure: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description The request cannot be read. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": "The request body is not valid JSON.",
                 *       "result": "Rejected",
                 *       "status": "INVALID_REQUEST"
                 *     }
                 */
                "application/json": components["schemas"]["Rejection"];
            };
        };
        /** @description The body is larger than the server takes here, in bytes or in what it holds. */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Rejection"];
            };
        };
        /** @description Too many logins failed; try again later. */
        TooManyLogins: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": "Too many failed logins. Try again in 30 seconds.",
                 *       "result": "Rejected",
                 *       "status": "TOO_MANY_REQUESTS"
                 *     }
                 */
                "application/json": components["schemas"]["Rejection"];
            };
        };
        /** @description The server cannot do its work now. */
        Unavailable: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": "The database cannot be reached.",
                 *       "result": "Rejected",
                 *       "status": "SERVICE_UNAVAILABLE"
                 *     }
                 */
                "application/json": components["schemas"]["Rejection"];
            };
        };
        /** @description There is no valid token or session. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": "You could not be properly authenticated for this content or functionality.",
                 *       "status": "UNAUTHORIZED"
                 *     }
                 */
                "application/json": components["schemas"]["NotAuthenticated"];
            };
        };
        /** @description The user may not do this. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": "You cannot be authorized for this content or functionality.",
                 *       "result": "Rejected",
                 *       "status": "INVALID_SENDER"
                 *     }
                 */
                "application/json": components["schemas"]["Rejection"];
            };
        };
        /** @description There is nothing with this id. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": "There is nothing with id 9999.",
                 *       "result": "Rejected",
                 *       "status": "NOT_FOUND"
                 *     }
                 */
                "application/json": components["schemas"]["Rejection"];
            };
        };
        /** @description A parameter cannot be used. */
        InvalidQuery: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ValidationFailure"];
            };
        };
        /** @description The user may not do this, or an attribute names a sensor that the user may not read. */
        ForbiddenAttribute: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Rejection"];
            };
        };
        /** @description The user is sending too many large bodies, or files, at once; try again later. */
        TooManyRequests: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": "You are sending too much at once. Try again in 5 seconds.",
                 *       "result": "Rejected",
                 *       "status": "TOO_MANY_REQUESTS"
                 *     }
                 */
                "application/json": components["schemas"]["Rejection"];
            };
        };
        /** @description The id in the path cannot be used. */
        InvalidId: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": {
                 *         "path": {
                 *           "id": [
                 *             "Not a valid integer."
                 *           ]
                 *         }
                 *       },
                 *       "result": "Rejected",
                 *       "status": "UNPROCESSABLE_ENTITY"
                 *     }
                 */
                "application/json": components["schemas"]["ValidationFailure"];
            };
        };
        /** @description The content is still that of the `ETag` in `If-None-Match`. */
        NotModified: {
            headers: {
                ETag: components["headers"]["ETag"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description A parameter cannot be used, or no sensor has the id in the path. */
        InvalidWindow: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ValidationFailure"];
            };
        };
        /** @description Too many requests for much data of this account, or of all, are waiting; try again later. */
        TooManyReads: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": "Too many requests for much data are waiting. Send this one again in 10 seconds.",
                 *       "result": "Rejected",
                 *       "status": "TOO_MANY_REQUESTS"
                 *     }
                 */
                "application/json": components["schemas"]["Rejection"];
            };
        };
        /** @description No sensor has the id in the path. */
        UnknownSensor: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": {
                 *         "path": {
                 *           "id": [
                 *             "No sensor found with id 9999."
                 *           ]
                 *         }
                 *       },
                 *       "result": "Rejected",
                 *       "status": "UNPROCESSABLE_ENTITY"
                 *     }
                 */
                "application/json": components["schemas"]["ValidationFailure"];
            };
        };
        /** @description The user may not do this, or a field names a sensor that the user may not read; the message tells which. */
        ForbiddenReference: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Rejection"];
            };
        };
        /** @description The path exists, but not with this method. */
        MethodNotAllowed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": "This path does not know the method PUT.",
                 *       "result": "Rejected",
                 *       "status": "INVALID_METHOD"
                 *     }
                 */
                "application/json": components["schemas"]["Rejection"];
            };
        };
    };
    parameters: {
        /** @description Account to list from; the user's own by default. Others are open to admins and admin-readers. */
        AccountIdOfList: number;
        /** @description Page to answer with, from 1. Without `page` and `per_page` the answer holds everything. */
        Page: number;
        /** @description Items per page; 100 when only `page` is given. */
        PerPage: number;
        /** @description Text that the name of an item must hold, whatever the case. */
        Filter: string;
        /** @description Id of the asset. */
        AssetId: number;
        /** @description Only events that start at this moment or later. */
        EventStartsAfter: string;
        /** @description Only events that end at this moment or earlier. */
        EventEndsBefore: string;
        /** @description Only beliefs that were recorded at this moment or later. */
        BeliefsAfter: string;
        /** @description Only beliefs that were recorded at this moment or earlier. */
        BeliefsBefore: string;
        /** @description Whether the specification holds the data. If not, `chart_data` gives it. */
        IncludeData: boolean;
        /** @description Width in pixels; by default the chart takes the width of the element that holds it. */
        ChartWidth: number;
        /** @description Height in pixels, of each panel if there are several. */
        ChartHeight: number;
        /** @description Look of the chart. */
        ChartTheme: "default" | "dark";
        /** @description Whether to give of each source its most recent belief about an event only, or every belief. */
        MostRecentBeliefsOnly: boolean;
        /** @description List the sensors of this asset only, which may be a public one. */
        AssetIdOfList: number;
        /** @description List sensors with this unit only. */
        UnitOfList: string;
        /** @description The sensor, by entity address or id. */
        SensorOfData: string;
        /** @description Start of the window, with time zone; the answer's `start` keeps its offset. */
        DataStart: string;
        /** @description Length of the window. */
        DataDuration: string;
        /** @description Unit that the values shall have; it must be convertible from the sensor's. */
        DataUnit: string;
        /**
         * @description Step of the values. By default the sensor's own resolution; it must divide or be divided by that one. Longer steps
         *     hold means of flows, prices and readings, and sums of stocks such as energy; shorter steps repeat flows and split
         *     stocks. Of an instantaneous sensor it picks the instants; by default their distance grows with the window, from
         *     5 minutes to a week.
         */
        DataResolution: string;
        /**
         * @description Only what was recorded at least so long before the end of each event, or, when negative, at most so long after it.
         *     The most recent belief is chosen from what passes.
         */
        DataHorizon: string;
        /** @description Only what was recorded up to this moment. The most recent belief is chosen from what passes. */
        DataPrior: string;
        /** @description Only beliefs of the data source with this id. */
        DataSource: number;
        /**
         * @description Kind of request. `GetMeterDataRequest` gives what was recorded after the fact, `GetPrognosisRequest` what was
         *     recorded before it; both and `GetPriceDataRequest` check the kind of the sensor's unit.
         */
        DataType: "GetSensorDataRequest" | "GetMeterDataRequest" | "GetPrognosisRequest" | "GetPriceDataRequest";
        /** @description Id of the sensor. */
        SensorId: number;
        /** @description Unit that the values shall have; by default the sensor's. */
        DataUnitOfSensor: string;
        /** @description How long before the end of its event a forecast must have been made, for instance PT6H. By default the horizons by which the sensor is forecast. */
        AccuracyHorizon: string;
        /** @description Id of a data source; only its forecasts are compared. */
        AccuracySource: number;
        /** @description The UUID that `schedules/trigger` answered with. */
        ScheduleUuid: string;
        /** @description How much of the schedule to give, from its start on; at most all of it. */
        ScheduleDuration: string;
        /** @description Whether users that were deactivated are listed too. */
        IncludeInactive: boolean;
        /** @description Id of the user. */
        UserId: number;
        /** @description Id of the account. */
        AccountId: number;
        /** @description UUID of the job; that of a schedule is the UUID of its job. */
        JobUuid: string;
        /**
         * @description Step of the events; by default the sensor's own resolution, which must divide or be divided by it. Of an
         *     instantaneous sensor it picks the instants at its steps.
         */
        ChartResolution: string;
    };
    requestBodies: never;
    headers: {
        /** @description Seconds until it makes sense to try again. */
        RetryAfter: number;
        /** @description How many items all pages hold together. Only there when `page` or `per_page` was given. */
        TotalCount: number;
        /** @description The neighbouring pages. Only there when `page` or `per_page` was given. */
        PageLinks: string;
        /** @description Names this very content; `If-None-Match` with it is answered with 304 as long as the content is the same. */
        ETag: string;
        /** @description Since when something that the request used is deprecated. Only then there. */
        Deprecation: string;
        /** @description When the deprecated thing may stop working. Only there with `Deprecation`. */
        Sunset: string;
        /** @description Pages that explain the deprecation and the sunset. Only there with `Deprecation`. */
        DeprecationLink: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getVersions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The versions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "flexmeasures_version": "0.12.1",
                     *       "message": "These versions of the API are served. A POST request to /api/requestAuthToken gives an authentication token.",
                     *       "status": 200,
                     *       "versions": [
                     *         "v3_0"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Versions"];
                };
            };
            400: components["responses"]["BadRequest"];
            default: components["responses"]["Failure"];
        };
    };
    getHealthReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The server is ready. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "database_sql": true,
                     *       "status": 200
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["BadRequest"];
            /** @description The server cannot reach its database, or the schema there is missing or older than the server. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "database_sql": false,
                     *       "message": "The database cannot be reached.",
                     *       "status": 503
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            default: components["responses"]["Failure"];
        };
    };
    requestAuthToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "toy-user@flexmeasures.io",
                 *       "password": "toy-password"
                 *     }
                 */
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description The token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "auth_token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
                     *       "status": 200,
                     *       "user_id": 1
                     *     }
                     */
                    "application/json": components["schemas"]["AuthToken"];
                };
            };
            /** @description E-mail address or password is missing, or the body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MissingCredentials"];
                };
            };
            /** @description These credentials belong to no active user. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "You could not be properly authenticated for this content or functionality.",
                     *       "status": "UNAUTHORIZED"
                     *     }
                     */
                    "application/json": components["schemas"]["NotAuthenticated"];
                };
            };
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyLogins"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    listAssets: {
        parameters: {
            query?: {
                /** @description Account to list from; the user's own by default. Others are open to admins and admin-readers. */
                account_id?: components["parameters"]["AccountIdOfList"];
                /** @description Page to answer with, from 1. Without `page` and `per_page` the answer holds everything. */
                page?: components["parameters"]["Page"];
                /** @description Items per page; 100 when only `page` is given. */
                per_page?: components["parameters"]["PerPage"];
                /** @description Text that the name of an item must hold, whatever the case. */
                filter?: components["parameters"]["Filter"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The assets, by id. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["TotalCount"];
                    Link: components["headers"]["PageLinks"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "account_id": 1,
                     *         "attributes": "{}",
                     *         "generic_asset_type_id": 1,
                     *         "id": 1,
                     *         "latitude": 52.374,
                     *         "longitude": 4.88969,
                     *         "name": "toy-solar",
                     *         "sensors": []
                     *       },
                     *       {
                     *         "account_id": 1,
                     *         "attributes": "{}",
                     *         "generic_asset_type_id": 6,
                     *         "id": 2,
                     *         "latitude": 52.374,
                     *         "longitude": 4.88969,
                     *         "name": "toy-building",
                     *         "sensors": []
                     *       },
                     *       {
                     *         "account_id": 1,
                     *         "attributes": "{\"capacity_in_mw\": 0.5, \"min_soc_in_mwh\": 0.05, \"max_soc_in_mwh\": 0.45, \"sensors_to_show\": [3, 2]}",
                     *         "generic_asset_type_id": 5,
                     *         "id": 3,
                     *         "latitude": 52.374,
                     *         "longitude": 4.88969,
                     *         "name": "toy-battery",
                     *         "sensors": [
                     *           {
                     *             "id": 2,
                     *             "name": "discharging"
                     *           }
                     *         ]
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Asset"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidQuery"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    createAsset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "second-battery",
                 *       "generic_asset_type_id": 5,
                 *       "account_id": 1,
                 *       "latitude": 52.374,
                 *       "longitude": 4.88969,
                 *       "attributes": "{\"capacity_in_mw\": 0.25, \"max_soc_in_mwh\": 0.5}"
                 *     }
                 */
                "application/json": components["schemas"]["AssetPost"];
            };
        };
        responses: {
            /** @description The asset. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_id": 1,
                     *       "attributes": "{\"capacity_in_mw\": 0.25, \"max_soc_in_mwh\": 0.5}",
                     *       "generic_asset_type_id": 5,
                     *       "id": 5,
                     *       "latitude": 52.374,
                     *       "longitude": 4.88969,
                     *       "name": "second-battery",
                     *       "sensors": []
                     *     }
                     */
                    "application/json": components["schemas"]["Asset"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForbiddenAttribute"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are missing, unknown or wrong. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidationFailure"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    listPublicAssets: {
        parameters: {
            query?: {
                /** @description Page to answer with, from 1. Without `page` and `per_page` the answer holds everything. */
                page?: components["parameters"]["Page"];
                /** @description Items per page; 100 when only `page` is given. */
                per_page?: components["parameters"]["PerPage"];
                /** @description Text that the name of an item must hold, whatever the case. */
                filter?: components["parameters"]["Filter"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The assets, by id. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["TotalCount"];
                    Link: components["headers"]["PageLinks"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "account_id": null,
                     *         "attributes": "{}",
                     *         "generic_asset_type_id": 8,
                     *         "id": 4,
                     *         "latitude": null,
                     *         "longitude": null,
                     *         "name": "NL transmission zone",
                     *         "sensors": [
                     *           {
                     *             "id": 3,
                     *             "name": "day-ahead prices"
                     *           }
                     *         ]
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Asset"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            422: components["responses"]["InvalidQuery"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    listAssetTypes: {
        parameters: {
            query?: {
                /** @description Page to answer with, from 1. Without `page` and `per_page` the answer holds everything. */
                page?: components["parameters"]["Page"];
                /** @description Items per page; 100 when only `page` is given. */
                per_page?: components["parameters"]["PerPage"];
                /** @description Text that the name of an item must hold, whatever the case. */
                filter?: components["parameters"]["Filter"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The types, by id. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["TotalCount"];
                    Link: components["headers"]["PageLinks"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "description": "solar panel(s)",
                     *         "id": 1,
                     *         "name": "solar"
                     *       },
                     *       {
                     *         "description": "wind turbine",
                     *         "id": 2,
                     *         "name": "wind"
                     *       },
                     *       {
                     *         "description": "uni-directional Electric Vehicle Supply Equipment",
                     *         "id": 3,
                     *         "name": "one-way_evse"
                     *       },
                     *       {
                     *         "description": "bi-directional Electric Vehicle Supply Equipment",
                     *         "id": 4,
                     *         "name": "two-way_evse"
                     *       },
                     *       {
                     *         "description": "stationary battery",
                     *         "id": 5,
                     *         "name": "battery"
                     *       },
                     *       {
                     *         "description": "building",
                     *         "id": 6,
                     *         "name": "building"
                     *       },
                     *       {
                     *         "description": "process",
                     *         "id": 7,
                     *         "name": "process"
                     *       },
                     *       {
                     *         "description": "A grid regulated & balanced as a whole, usually a country.",
                     *         "id": 8,
                     *         "name": "transmission zone"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["AssetType"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            422: components["responses"]["InvalidQuery"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the asset. */
                id: components["parameters"]["AssetId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The asset. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_id": 1,
                     *       "attributes": "{\"capacity_in_mw\": 0.5, \"min_soc_in_mwh\": 0.05, \"max_soc_in_mwh\": 0.45, \"sensors_to_show\": [3, 2]}",
                     *       "generic_asset_type_id": 5,
                     *       "id": 3,
                     *       "latitude": 52.374,
                     *       "longitude": 4.88969,
                     *       "name": "toy-battery",
                     *       "sensors": [
                     *         {
                     *           "id": 2,
                     *           "name": "discharging"
                     *         }
                     *       ],
                     *       "status": 200
                     *     }
                     */
                    "application/json": components["schemas"]["AssetAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidId"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    deleteAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the asset. */
                id: components["parameters"]["AssetId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The asset is gone. The answer has no body; its `Content-Type` is `application/json`. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidId"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    updateAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the asset. */
                id: components["parameters"]["AssetId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "latitude": 52.375,
                 *       "longitude": 4.89
                 *     }
                 */
                "application/json": components["schemas"]["AssetPatch"];
            };
        };
        responses: {
            /** @description The asset as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_id": 1,
                     *       "attributes": "{\"capacity_in_mw\": 0.5, \"min_soc_in_mwh\": 0.05, \"max_soc_in_mwh\": 0.45, \"sensors_to_show\": [3, 2]}",
                     *       "generic_asset_type_id": 5,
                     *       "id": 3,
                     *       "latitude": 52.375,
                     *       "longitude": 4.89,
                     *       "name": "toy-battery",
                     *       "sensors": [
                     *         {
                     *           "id": 2,
                     *           "name": "discharging"
                     *         }
                     *       ],
                     *       "status": 200
                     *     }
                     */
                    "application/json": components["schemas"]["AssetAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForbiddenAttribute"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are unknown or wrong. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidationFailure"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getAssetChart: {
        parameters: {
            query?: {
                /** @description Only events that start at this moment or later. */
                event_starts_after?: components["parameters"]["EventStartsAfter"];
                /** @description Only events that end at this moment or earlier. */
                event_ends_before?: components["parameters"]["EventEndsBefore"];
                /** @description Only beliefs that were recorded at this moment or later. */
                beliefs_after?: components["parameters"]["BeliefsAfter"];
                /** @description Only beliefs that were recorded at this moment or earlier. */
                beliefs_before?: components["parameters"]["BeliefsBefore"];
                /** @description Whether the specification holds the data. If not, `chart_data` gives it. */
                include_data?: components["parameters"]["IncludeData"];
                /** @description Width in pixels; by default the chart takes the width of the element that holds it. */
                width?: components["parameters"]["ChartWidth"];
                /** @description Height in pixels, of each panel if there are several. */
                height?: components["parameters"]["ChartHeight"];
                /** @description Look of the chart. */
                theme?: components["parameters"]["ChartTheme"];
            };
            header?: never;
            path: {
                /** @description Id of the asset. */
                id: components["parameters"]["AssetId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The chart. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "description": "A chart showing sensor data for toy-battery.",
                     *       "data": {
                     *         "name": "asset_3"
                     *       },
                     *       "vconcat": [
                     *         {
                     *           "title": "Day ahead prices (NL transmission zone)",
                     *           "width": "container",
                     *           "height": 300,
                     *           "layer": [
                     *             {
                     *               "mark": "line",
                     *               "encoding": {}
                     *             }
                     *           ]
                     *         },
                     *         {
                     *           "title": "discharging",
                     *           "width": "container",
                     *           "height": 300,
                     *           "layer": [
                     *             {
                     *               "mark": "line",
                     *               "encoding": {}
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ChartSpecification"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidWindow"];
            429: components["responses"]["TooManyReads"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getAssetChartData: {
        parameters: {
            query?: {
                /** @description Only events that start at this moment or later. */
                event_starts_after?: components["parameters"]["EventStartsAfter"];
                /** @description Only events that end at this moment or earlier. */
                event_ends_before?: components["parameters"]["EventEndsBefore"];
                /** @description Only beliefs that were recorded at this moment or later. */
                beliefs_after?: components["parameters"]["BeliefsAfter"];
                /** @description Only beliefs that were recorded at this moment or earlier. */
                beliefs_before?: components["parameters"]["BeliefsBefore"];
                /** @description Whether to give of each source its most recent belief about an event only, or every belief. */
                most_recent_beliefs_only?: components["parameters"]["MostRecentBeliefsOnly"];
            };
            header?: never;
            path: {
                /** @description Id of the asset. */
                id: components["parameters"]["AssetId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The beliefs, by event start. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "event_start": 1795392000000,
                     *         "belief_horizon": 0,
                     *         "source": {
                     *           "id": 1,
                     *           "name": "toy-user",
                     *           "model": "",
                     *           "type": "user",
                     *           "description": "toy-user"
                     *         },
                     *         "cumulative_probability": 0.5,
                     *         "event_value": 10,
                     *         "sensor": {
                     *           "id": 3,
                     *           "name": "Day ahead prices"
                     *         }
                     *       },
                     *       {
                     *         "event_start": 1795415400000,
                     *         "belief_horizon": 32099880,
                     *         "source": {
                     *           "id": 2,
                     *           "name": "Seita",
                     *           "model": "StorageScheduler (v1)",
                     *           "type": "scheduling script",
                     *           "description": "Seita's StorageScheduler (v1) model"
                     *         },
                     *         "cumulative_probability": 0.5,
                     *         "event_value": 0.164078,
                     *         "sensor": {
                     *           "id": 2,
                     *           "name": "discharging"
                     *         }
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["AssetChartBelief"][];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidWindow"];
            429: components["responses"]["TooManyReads"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    listSensors: {
        parameters: {
            query?: {
                /** @description Account to list from; the user's own by default. Others are open to admins and admin-readers. */
                account_id?: components["parameters"]["AccountIdOfList"];
                /** @description Page to answer with, from 1. Without `page` and `per_page` the answer holds everything. */
                page?: components["parameters"]["Page"];
                /** @description Items per page; 100 when only `page` is given. */
                per_page?: components["parameters"]["PerPage"];
                /** @description Text that the name of an item must hold, whatever the case. */
                filter?: components["parameters"]["Filter"];
                /** @description List the sensors of this asset only, which may be a public one. */
                asset_id?: components["parameters"]["AssetIdOfList"];
                /** @description List sensors with this unit only. */
                unit?: components["parameters"]["UnitOfList"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sensors, by id. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["TotalCount"];
                    Link: components["headers"]["PageLinks"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "entity_address": "ea1.2026-12.localhost:fm1.2",
                     *         "event_resolution": 15,
                     *         "generic_asset_id": 3,
                     *         "id": 2,
                     *         "name": "discharging",
                     *         "timezone": "Europe/Amsterdam",
                     *         "unit": "MW"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Sensor"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidQuery"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    createSensor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "state of charge",
                 *       "unit": "MWh",
                 *       "event_resolution": "PT0M",
                 *       "generic_asset_id": 3,
                 *       "timezone": "Europe/Amsterdam"
                 *     }
                 */
                "application/json": components["schemas"]["SensorPost"];
            };
        };
        responses: {
            /** @description The sensor. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attributes": "{}",
                     *       "entity_address": "ea1.2026-12.localhost:fm1.4",
                     *       "event_resolution": 0,
                     *       "generic_asset_id": 3,
                     *       "id": 4,
                     *       "knowledge_horizon_fnc": "ex_post",
                     *       "knowledge_horizon_par": {
                     *         "ex_post_horizon": "PT0H"
                     *       },
                     *       "name": "state of charge",
                     *       "timezone": "Europe/Amsterdam",
                     *       "unit": "MWh"
                     *     }
                     */
                    "application/json": components["schemas"]["SensorDetails"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForbiddenAttribute"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are missing, unknown or wrong. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidationFailure"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getSensorData: {
        parameters: {
            query: {
                /** @description The sensor, by entity address or id. */
                sensor: components["parameters"]["SensorOfData"];
                /** @description Start of the window, with time zone; the answer's `start` keeps its offset. */
                start: components["parameters"]["DataStart"];
                /** @description Length of the window. */
                duration: components["parameters"]["DataDuration"];
                /** @description Unit that the values shall have; it must be convertible from the sensor's. */
                unit: components["parameters"]["DataUnit"];
                /**
                 * @description Step of the values. By default the sensor's own resolution; it must divide or be divided by that one. Longer steps
                 *     hold means of flows, prices and readings, and sums of stocks such as energy; shorter steps repeat flows and split
                 *     stocks. Of an instantaneous sensor it picks the instants; by default their distance grows with the window, from
                 *     5 minutes to a week.
                 */
                resolution?: components["parameters"]["DataResolution"];
                /**
                 * @description Only what was recorded at least so long before the end of each event, or, when negative, at most so long after it.
                 *     The most recent belief is chosen from what passes.
                 */
                horizon?: components["parameters"]["DataHorizon"];
                /** @description Only what was recorded up to this moment. The most recent belief is chosen from what passes. */
                prior?: components["parameters"]["DataPrior"];
                /** @description Only beliefs of the data source with this id. */
                source?: components["parameters"]["DataSource"];
                /**
                 * @description Kind of request. `GetMeterDataRequest` gives what was recorded after the fact, `GetPrognosisRequest` what was
                 *     recorded before it; both and `GetPriceDataRequest` check the kind of the sensor's unit.
                 */
                type?: components["parameters"]["DataType"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The values. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SensorData"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description Parameters are missing, unknown or wrong. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidationFailure"];
                };
            };
            429: components["responses"]["TooManyReads"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    postSensorData: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SensorDataPost"];
            };
        };
        responses: {
            /** @description The data is stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataReceipt"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            /** @description The user may not post to this sensor, or the data would replace stored data. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rejection"] | components["schemas"]["ReplacementRejection"];
                };
            };
            413: components["responses"]["TooLarge"];
            /** @description Fields are missing, unknown or wrong. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidationFailure"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getSensor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sensor. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attributes": "{}",
                     *       "entity_address": "ea1.2026-12.localhost:fm1.2",
                     *       "event_resolution": 15,
                     *       "generic_asset_id": 3,
                     *       "id": 2,
                     *       "knowledge_horizon_fnc": "ex_post",
                     *       "knowledge_horizon_par": {
                     *         "ex_post_horizon": "PT0H"
                     *       },
                     *       "name": "discharging",
                     *       "status": 200,
                     *       "timezone": "Europe/Amsterdam",
                     *       "unit": "MW"
                     *     }
                     */
                    "application/json": components["schemas"]["SensorAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnknownSensor"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    deleteSensor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sensor is gone. The answer has no body; its `Content-Type` is `application/json`. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnknownSensor"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    updateSensor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "attributes": "{\"is_strictly_non_negative\": false}"
                 *     }
                 */
                "application/json": components["schemas"]["SensorPatch"];
            };
        };
        responses: {
            /** @description The sensor as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attributes": "{\"is_strictly_non_negative\": false}",
                     *       "entity_address": "ea1.2026-12.localhost:fm1.2",
                     *       "event_resolution": 15,
                     *       "generic_asset_id": 3,
                     *       "id": 2,
                     *       "knowledge_horizon_fnc": "ex_post",
                     *       "knowledge_horizon_par": {
                     *         "ex_post_horizon": "PT0H"
                     *       },
                     *       "name": "discharging",
                     *       "status": 200,
                     *       "timezone": "Europe/Amsterdam",
                     *       "unit": "MW"
                     *     }
                     */
                    "application/json": components["schemas"]["SensorAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForbiddenAttribute"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are unknown or wrong, or no sensor has the id in the path. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidationFailure"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getDataOfSensor: {
        parameters: {
            query: {
                /** @description Start of the window, with time zone; the answer's `start` keeps its offset. */
                start: components["parameters"]["DataStart"];
                /** @description Length of the window. */
                duration: components["parameters"]["DataDuration"];
                /** @description Unit that the values shall have; by default the sensor's. */
                unit?: components["parameters"]["DataUnitOfSensor"];
                /**
                 * @description Step of the values. By default the sensor's own resolution; it must divide or be divided by that one. Longer steps
                 *     hold means of flows, prices and readings, and sums of stocks such as energy; shorter steps repeat flows and split
                 *     stocks. Of an instantaneous sensor it picks the instants; by default their distance grows with the window, from
                 *     5 minutes to a week.
                 */
                resolution?: components["parameters"]["DataResolution"];
                /**
                 * @description Only what was recorded at least so long before the end of each event, or, when negative, at most so long after it.
                 *     The most recent belief is chosen from what passes.
                 */
                horizon?: components["parameters"]["DataHorizon"];
                /** @description Only what was recorded up to this moment. The most recent belief is chosen from what passes. */
                prior?: components["parameters"]["DataPrior"];
                /** @description Only beliefs of the data source with this id. */
                source?: components["parameters"]["DataSource"];
                /**
                 * @description Kind of request. `GetMeterDataRequest` gives what was recorded after the fact, `GetPrognosisRequest` what was
                 *     recorded before it; both and `GetPriceDataRequest` check the kind of the sensor's unit.
                 */
                type?: components["parameters"]["DataType"];
            };
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The values. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "duration": "PT4H",
                     *       "message": "Request has been processed.",
                     *       "resolution": "PT1H",
                     *       "start": "2026-11-23T01:00:00+01:00",
                     *       "status": "PROCESSED",
                     *       "unit": "EUR/MWh",
                     *       "values": [
                     *         10,
                     *         11,
                     *         12,
                     *         15
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SensorData"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description Parameters are missing, unknown or wrong, or no sensor has the id in the path. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidationFailure"];
                };
            };
            429: components["responses"]["TooManyReads"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    postDataOfSensor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "values": [
                 *         10,
                 *         11,
                 *         12,
                 *         15
                 *       ],
                 *       "start": "2026-11-23T01:00:00+01:00",
                 *       "duration": "PT4H",
                 *       "unit": "EUR/MWh",
                 *       "prior": "2026-11-22T12:00:00+01:00"
                 *     }
                 */
                "application/json": components["schemas"]["DataOfSensorPost"];
                /**
                 * @example {
                 *       "file": "Hour,Price\n2026-11-23T00:00:00Z,10\n2026-11-23T01:00:00Z,11\n",
                 *       "unit": "EUR/MWh",
                 *       "prior": "2026-11-22T12:00:00+01:00"
                 *     }
                 */
                "multipart/form-data": components["schemas"]["DataUpload"];
            };
        };
        responses: {
            /** @description The data is stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "Request has been processed.",
                     *       "status": "PROCESSED"
                     *     }
                     */
                    "application/json": components["schemas"]["DataReceipt"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            /** @description The user may not post to this sensor, or the data would replace stored data. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "You cannot be authorized for this content or functionality.",
                     *       "result": "Rejected",
                     *       "status": "INVALID_SENDER"
                     *     }
                     */
                    "application/json": components["schemas"]["Rejection"] | components["schemas"]["ReplacementRejection"];
                };
            };
            413: components["responses"]["TooLarge"];
            /** @description Fields or the file are missing or wrong, or no sensor has the id in the path. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidationFailure"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getSensorStats: {
        parameters: {
            query?: {
                /** @description Only events that start at this moment or later. */
                event_starts_after?: components["parameters"]["EventStartsAfter"];
                /** @description Only events that end at this moment or earlier. */
                event_ends_before?: components["parameters"]["EventEndsBefore"];
            };
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figures; no entries if there is no data. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sensor": 3,
                     *       "sources": [
                     *         {
                     *           "source": {
                     *             "id": 1,
                     *             "model": null,
                     *             "name": "toy-user",
                     *             "type": "user",
                     *             "version": null
                     *           },
                     *           "count": 24,
                     *           "first_event_start": "2026-11-23T01:00:00+01:00",
                     *           "last_event_end": "2026-11-24T01:00:00+01:00",
                     *           "last_belief_time": "2026-11-22T12:00:00+01:00",
                     *           "min": 4,
                     *           "max": 18,
                     *           "mean": 10.104166666666666,
                     *           "sum": 242.5
                     *         }
                     *       ],
                     *       "status": 200,
                     *       "unit": "EUR/MWh"
                     *     }
                     */
                    "application/json": components["schemas"]["SensorStats"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["InvalidWindow"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getSensorAccuracy: {
        parameters: {
            query?: {
                /** @description Only events that start at this moment or later. */
                event_starts_after?: components["parameters"]["EventStartsAfter"];
                /** @description Only events that end at this moment or earlier. */
                event_ends_before?: components["parameters"]["EventEndsBefore"];
                /** @description How long before the end of its event a forecast must have been made, for instance PT6H. By default the horizons by which the sensor is forecast. */
                horizon?: components["parameters"]["AccuracyHorizon"];
                /** @description Id of a data source; only its forecasts are compared. */
                source?: components["parameters"]["AccuracySource"];
            };
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figures; no entries if there is nothing to compare. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sensor": 2,
                     *       "unit": "MW",
                     *       "event_starts_after": "2026-09-24T00:00:00+02:00",
                     *       "event_ends_before": "2026-11-23T00:00:00+01:00",
                     *       "forecasts": [
                     *         {
                     *           "source": {
                     *             "id": 5,
                     *             "model": "linear-OLS",
                     *             "name": "Seita",
                     *             "type": "forecasting script",
                     *             "version": "4"
                     *           },
                     *           "horizon": "PT6H",
                     *           "count": 1440,
                     *           "mae": 0.012,
                     *           "rmse": 0.019,
                     *           "wape": 0.06,
                     *           "accuracy": 0.94,
                     *           "coverage": 0.79,
                     *           "baselines": [
                     *             {
                     *               "method": "last-value",
                     *               "count": 1440,
                     *               "mae": 0.04,
                     *               "rmse": 0.062,
                     *               "wape": 0.2,
                     *               "accuracy": 0.8
                     *             },
                     *             {
                     *               "method": "same-time-yesterday",
                     *               "count": 1440,
                     *               "mae": 0.02,
                     *               "rmse": 0.031,
                     *               "wape": 0.1,
                     *               "accuracy": 0.9
                     *             },
                     *             {
                     *               "method": "same-time-last-week",
                     *               "count": 0,
                     *               "mae": null,
                     *               "rmse": null,
                     *               "wape": null,
                     *               "accuracy": null
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "status": 200
                     *     }
                     */
                    "application/json": components["schemas"]["SensorAccuracy"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["InvalidWindow"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    triggerSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SchedulePost"];
            };
        };
        responses: {
            /** @description The schedule will be computed. */
            200: {
                headers: {
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    Link: components["headers"]["DeprecationLink"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleReceipt"];
                };
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "The request body is not valid JSON.",
                     *       "result": "Rejected",
                     *       "status": "INVALID_DATA"
                     *     }
                     */
                    "application/json": components["schemas"]["Rejection"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForbiddenReference"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are missing, unknown or wrong, or the sensor cannot be scheduled. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidationFailure"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getSchedule: {
        parameters: {
            query?: {
                /** @description How much of the schedule to give, from its start on; at most all of it. */
                duration?: components["parameters"]["ScheduleDuration"];
            };
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
                /** @description The UUID that `schedules/trigger` answered with. */
                uuid: components["parameters"]["ScheduleUuid"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description There is no such schedule, or not yet. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rejection"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            /** @description The duration cannot be used, or no sensor has the id in the path. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidationFailure"];
                };
            };
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    triggerSiteSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the asset. */
                id: components["parameters"]["AssetId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SiteSchedulePost"];
            };
        };
        responses: {
            /** @description The schedules will be computed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "Request has been processed.",
                     *       "schedule": "364bfd06-c1fa-430b-8d25-8f5a547651fb",
                     *       "status": "PROCESSED"
                     *     }
                     */
                    "application/json": components["schemas"]["ScheduleReceipt"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForbiddenReference"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are missing, unknown or wrong, or a sensor cannot be scheduled. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidationFailure"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getSiteSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the asset. */
                id: components["parameters"]["AssetId"];
                /** @description The UUID that `schedules/trigger` answered with. */
                uuid: components["parameters"]["ScheduleUuid"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedules. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "Request has been processed.",
                     *       "start": "2026-11-23T07:00:00+01:00",
                     *       "duration": "PT1H",
                     *       "currency": "EUR",
                     *       "cost": -2.5,
                     *       "commitments": [
                     *         {
                     *           "commitment": "consumption",
                     *           "cost": 10
                     *         },
                     *         {
                     *           "commitment": "production",
                     *           "cost": -12.5
                     *         }
                     *       ],
                     *       "schedules": [
                     *         {
                     *           "sensor": 2,
                     *           "unit": "MW",
                     *           "resolution": "PT30M",
                     *           "values": [
                     *             0.5,
                     *             -0.5
                     *           ]
                     *         },
                     *         {
                     *           "sensor": 5,
                     *           "unit": "kW",
                     *           "resolution": "PT15M",
                     *           "values": [
                     *             0,
                     *             0,
                     *             -20,
                     *             -30
                     *           ]
                     *         }
                     *       ],
                     *       "status": "PROCESSED"
                     *     }
                     */
                    "application/json": components["schemas"]["SiteSchedule"];
                };
            };
            /** @description There are no such schedules, or not yet. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "No known schedule for this time period. Scheduling job in progress.",
                     *       "result": "Rejected",
                     *       "status": "UNKNOWN_SCHEDULE"
                     *     }
                     */
                    "application/json": components["schemas"]["Rejection"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidId"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description Account to list from; the user's own by default. Others are open to admins and admin-readers. */
                account_id?: components["parameters"]["AccountIdOfList"];
                /** @description Whether users that were deactivated are listed too. */
                include_inactive?: components["parameters"]["IncludeInactive"];
                /** @description Page to answer with, from 1. Without `page` and `per_page` the answer holds everything. */
                page?: components["parameters"]["Page"];
                /** @description Items per page; 100 when only `page` is given. */
                per_page?: components["parameters"]["PerPage"];
                /** @description Text that the name of an item must hold, whatever the case. */
                filter?: components["parameters"]["Filter"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The users, by id. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["TotalCount"];
                    Link: components["headers"]["PageLinks"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "account_id": 1,
                     *         "active": true,
                     *         "email": "toy-user@flexmeasures.io",
                     *         "flexmeasures_roles": [
                     *           3
                     *         ],
                     *         "id": 1,
                     *         "last_login_at": null,
                     *         "last_seen_at": "2026-11-22T19:39:30.810303",
                     *         "timezone": "Europe/Amsterdam",
                     *         "username": "toy-user"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["User"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidQuery"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the user. */
                id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_id": 1,
                     *       "active": true,
                     *       "email": "toy-user@flexmeasures.io",
                     *       "flexmeasures_roles": [
                     *         3
                     *       ],
                     *       "id": 1,
                     *       "last_login_at": null,
                     *       "last_seen_at": "2026-11-22T19:39:30.810303",
                     *       "status": 200,
                     *       "timezone": "Europe/Amsterdam",
                     *       "username": "toy-user"
                     *     }
                     */
                    "application/json": components["schemas"]["UserAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidId"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    updateUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the user. */
                id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "timezone": "Europe/Berlin"
                 *     }
                 */
                "application/json": components["schemas"]["UserPatch"];
            };
        };
        responses: {
            /** @description The user as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_id": 1,
                     *       "active": true,
                     *       "email": "toy-user@flexmeasures.io",
                     *       "flexmeasures_roles": [
                     *         3
                     *       ],
                     *       "id": 1,
                     *       "last_login_at": null,
                     *       "last_seen_at": "2026-11-22T19:39:31.070873",
                     *       "status": 200,
                     *       "timezone": "Europe/Berlin",
                     *       "username": "toy-user"
                     *     }
                     */
                    "application/json": components["schemas"]["UserAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are unknown or wrong. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidationFailure"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    resetUserPassword: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the user. */
                id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The password is reset. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": 200
                     *     }
                     */
                    "application/json": components["schemas"]["Ok"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidId"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    listAccounts: {
        parameters: {
            query?: {
                /** @description Page to answer with, from 1. Without `page` and `per_page` the answer holds everything. */
                page?: components["parameters"]["Page"];
                /** @description Items per page; 100 when only `page` is given. */
                per_page?: components["parameters"]["PerPage"];
                /** @description Text that the name of an item must hold, whatever the case. */
                filter?: components["parameters"]["Filter"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The accounts, by id. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["TotalCount"];
                    Link: components["headers"]["PageLinks"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "account_roles": [],
                     *         "id": 1,
                     *         "name": "Toy Account"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Account"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            422: components["responses"]["InvalidQuery"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the account. */
                id: components["parameters"]["AccountId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_roles": [],
                     *       "id": 1,
                     *       "name": "Toy Account",
                     *       "status": 200
                     *     }
                     */
                    "application/json": components["schemas"]["AccountAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidId"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID of the job; that of a schedule is the UUID of its job. */
                uuid: components["parameters"]["JobUuid"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getAssetForCharts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the asset. */
                id: components["parameters"]["AssetId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The facts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "toy-battery",
                     *       "status": 200,
                     *       "timerange_of_sensors_to_show": {
                     *         "end": "Tue, 24 Nov 2026 00:00:00 GMT",
                     *         "start": "Mon, 23 Nov 2026 00:00:00 GMT"
                     *       },
                     *       "timezone": "Europe/Amsterdam"
                     *     }
                     */
                    "application/json": components["schemas"]["AssetForCharts"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidId"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getSensorForCharts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The facts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Day ahead prices",
                     *       "status": 200,
                     *       "timerange": {
                     *         "end": "Tue, 24 Nov 2026 00:00:00 GMT",
                     *         "start": "Mon, 23 Nov 2026 00:00:00 GMT"
                     *       },
                     *       "timezone": "Europe/Amsterdam"
                     *     }
                     */
                    "application/json": components["schemas"]["SensorForCharts"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnknownSensor"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getSensorChart: {
        parameters: {
            query?: {
                /** @description Only events that start at this moment or later. */
                event_starts_after?: components["parameters"]["EventStartsAfter"];
                /** @description Only events that end at this moment or earlier. */
                event_ends_before?: components["parameters"]["EventEndsBefore"];
                /** @description Only beliefs that were recorded at this moment or later. */
                beliefs_after?: components["parameters"]["BeliefsAfter"];
                /** @description Only beliefs that were recorded at this moment or earlier. */
                beliefs_before?: components["parameters"]["BeliefsBefore"];
                /** @description Whether the specification holds the data. If not, `chart_data` gives it. */
                include_data?: components["parameters"]["IncludeData"];
                /** @description Width in pixels; by default the chart takes the width of the element that holds it. */
                width?: components["parameters"]["ChartWidth"];
                /** @description Height in pixels, of each panel if there are several. */
                height?: components["parameters"]["ChartHeight"];
                /** @description Look of the chart. */
                theme?: components["parameters"]["ChartTheme"];
            };
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The chart. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "description": "A bar chart showing sensor data.",
                     *       "data": {
                     *         "name": "sensor_3"
                     *       },
                     *       "height": 300,
                     *       "width": "container",
                     *       "title": "Day ahead prices",
                     *       "layer": [
                     *         {
                     *           "mark": "bar",
                     *           "encoding": {}
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ChartSpecification"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["InvalidWindow"];
            429: components["responses"]["TooManyReads"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getSensorChartData: {
        parameters: {
            query?: {
                /** @description Only events that start at this moment or later. */
                event_starts_after?: components["parameters"]["EventStartsAfter"];
                /** @description Only events that end at this moment or earlier. */
                event_ends_before?: components["parameters"]["EventEndsBefore"];
                /** @description Only beliefs that were recorded at this moment or later. */
                beliefs_after?: components["parameters"]["BeliefsAfter"];
                /** @description Only beliefs that were recorded at this moment or earlier. */
                beliefs_before?: components["parameters"]["BeliefsBefore"];
                /**
                 * @description Step of the events; by default the sensor's own resolution, which must divide or be divided by it. Of an
                 *     instantaneous sensor it picks the instants at its steps.
                 */
                resolution?: components["parameters"]["ChartResolution"];
                /** @description Whether to give of each source its most recent belief about an event only, or every belief. */
                most_recent_beliefs_only?: components["parameters"]["MostRecentBeliefsOnly"];
            };
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The beliefs, by event start. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "event_start": 1795392000000,
                     *         "belief_time": 1795345200000,
                     *         "belief_horizon": 0,
                     *         "source": {
                     *           "id": 1,
                     *           "name": "toy-user",
                     *           "model": "",
                     *           "type": "user",
                     *           "description": "toy-user"
                     *         },
                     *         "cumulative_probability": 0.5,
                     *         "event_value": 10,
                     *         "sensor": {
                     *           "id": 3,
                     *           "name": "Day ahead prices"
                     *         }
                     *       },
                     *       {
                     *         "event_start": 1795395600000,
                     *         "belief_time": 1795345200000,
                     *         "belief_horizon": 0,
                     *         "source": {
                     *           "id": 1,
                     *           "name": "toy-user",
                     *           "model": "",
                     *           "type": "user",
                     *           "description": "toy-user"
                     *         },
                     *         "cumulative_probability": 0.5,
                     *         "event_value": 11,
                     *         "sensor": {
                     *           "id": 3,
                     *           "name": "Day ahead prices"
                     *         }
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["SensorChartBelief"][];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["InvalidWindow"];
            429: components["responses"]["TooManyReads"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getSensorChartAnnotations: {
        parameters: {
            query?: {
                /** @description Only events that start at this moment or later. */
                event_starts_after?: components["parameters"]["EventStartsAfter"];
                /** @description Only events that end at this moment or earlier. */
                event_ends_before?: components["parameters"]["EventEndsBefore"];
                /** @description Only beliefs that were recorded at this moment or later. */
                beliefs_after?: components["parameters"]["BeliefsAfter"];
                /** @description Only beliefs that were recorded at this moment or earlier. */
                beliefs_before?: components["parameters"]["BeliefsBefore"];
            };
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The annotations, by start. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "start": 1798153200000,
                     *         "end": 1798239600000,
                     *         "belief_time": 1795345200000,
                     *         "content": [
                     *           "Christmas Day"
                     *         ],
                     *         "source": {
                     *           "id": 1,
                     *           "name": "toy-user",
                     *           "model": "",
                     *           "type": "user",
                     *           "description": "toy-user"
                     *         },
                     *         "type": "holiday"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["ChartAnnotation"][];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["InvalidWindow"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
}
