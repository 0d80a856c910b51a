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
         * List the versions of the API.
         * @description No token is needed. Each version is a path below /api.
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
    "/api/v3_0": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the services of this version of the API.
         * @description No token is needed. Each service is an operation of this contract. FlexMeasures has this operation since April 2023 (0.13). There, parameters in URLs are in angle brackets.
         */
        get: operations["listServices"];
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
         * Check if the server is ready.
         * @description For load balancers. No token is needed.
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
    "/api/ops/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check if the server runs.
         * @description No token is needed, and the database is not asked.
         */
        get: operations["ping"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ops/getLatestTaskRun": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the latest run of a recurring task.
         * @description For programs that watch whether recurring tasks ran, such as py-pinger. They send the token for task checks, which the
         *     host has set (`FLEXMEASURES_TASK_CHECK_AUTH_TOKEN`), alone in the header `Authorization`. Tokens of users do not work
         *     here. If the host has set no token, all requests get 403.
         */
        get: operations["getLatestTaskRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ops/postLatestTaskRun": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record a run of a recurring task.
         * @description It replaces the former run of the task. For users with the role `task-runner`, and for admins.
         */
        post: operations["postLatestTaskRun"];
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
         * Request an authentication token.
         * @description The token is valid for six hours, unless the host set another time. The answer to wrong credentials does not reveal
         *     whether the user exists. Deactivated users get no token. After several failed logins, the client must wait.
         *
         *     If the login needs a second factor, the answer to a request without `code` is 403 with the status
         *     `SECOND_FACTOR_REQUIRED`. Send the same request with the code. A wrong code counts as a failed login.
         *
         *     A user who is logged in with a session may leave out the password, if the request has the header `X-CSRF-Token`.
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
         * List assets.
         * @description By default, all assets of the account of the user. With `page` or `per_page`, the answer is an object with the assets
         *     of the page and the length of the list.
         */
        get: operations["listAssets"];
        put?: never;
        /**
         * Create an asset.
         * @description For account-admins in their own account. Admins can create assets in any account, and public assets.
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
         * @description Public assets, for example market zones, belong to no account. Every user may read them.
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
         * List the types of assets.
         * @description Every user may read them. FlexMeasures has this operation since September 2025 (0.28), without pages.
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
         * @description For members of the account of the asset. Every user may get public assets.
         */
        get: operations["getAsset"];
        put?: never;
        post?: never;
        /**
         * Delete an asset.
         * @description Deletes its sensors and all their data as well. For account-admins.
         */
        delete: operations["deleteAsset"];
        options?: never;
        head?: never;
        /**
         * Change an asset.
         * @description For members of the account of the asset. Fields that are not sent do not change.
         */
        patch: operations["updateAsset"];
        trace?: never;
    };
    "/api/v3_0/assets/{id}/sensors": {
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
         * List the sensors of an asset.
         * @description For users who may read the asset. Without `page` and `per_page`, the answer has all sensors. Since FlexMeasures 0.24 (2025-01).
         */
        get: operations["listAssetSensors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/assets/{id}/jobs": {
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
         * List the jobs of an asset and of its sensors.
         * @description The newest 100 jobs. For users who may read the asset. Only users who may read all sensors of a job see why it failed.
         *     Since FlexMeasures 0.26 (2025-06).
         */
        get: operations["listAssetJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/assets/{id}/kpis": {
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
         * Get the key figures of an asset.
         * @description One number for each sensor in `sensors_to_show_as_kpis`: the sum (by default, for shares the mean), minimum, maximum or
         *     mean of the most recent belief about each event that starts in the period. Sensors that the user may not read are
         *     left out, and a period with more than five million beliefs is refused. Since FlexMeasures 0.28.
         */
        get: operations["getAssetKpis"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/assets/{id}/energy_balance": {
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
         * Get how energy flows at an asset.
         * @description The power of the devices and measured sensors in the flexibility of the asset and of the assets below it, as flows:
         *     measured before now, planned or forecast after it. In each step, import + production + discharge = export + charge +
         *     flexible + inflexible. Where the power of a part is not known, import and export are null. Import and export cancel only
         *     within a quarter-hour. The period has at most 31 days.
         */
        get: operations["getAssetEnergyBalance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/assets/{id}/copy": {
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
         * Copy an asset with everything below it.
         * @description Copies the asset, the assets below it and their sensors, without data and external ids. What they store about each
         *     other is about the copies. References to other sensors stay if the account of the copy may read them, and are left
         *     out otherwise. For users who may read the asset, and may create assets where the copy goes. By default that is below
         *     the same parent. The name of the copy ends with `(Copy)`. Since FlexMeasures 0.33 (2026-06).
         */
        post: operations["copyAsset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
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
         * @description A Vega-Lite specification with one panel for each sensor in the attribute `sensors_to_show`. Without the attribute,
         *     the sensors of the asset are shown. A list of sensors inside the attribute is one shared panel. Sensors that the user
         *     may not read are omitted.
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
         * @description For charts whose specification was requested without data. Every belief names its sensor. Beliefs of all sensors come in
         *     the finest resolution of them, as far as it divides their own; those of instantaneous sensors keep their times. With
         *     `format=columns`, each series has the resolution of its sensor.
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
    "/api/v3_0/assets/{id}/chart_annotations": {
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
         * Get annotations for an asset's chart.
         * @description Annotations of the asset and its account, for example holidays. `start`, `end` and `prior` are other names of `event_starts_after`, `event_ends_before` and `beliefs_before`. FlexMeasures has this operation since August 2026 (v3.0-32). There, `source` is a text, and annotations with the same end are joined.
         */
        get: operations["getAssetChartAnnotations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/assets/{id}/annotations": {
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
         * List the annotations of an asset.
         * @description For users who can read the asset. Only annotations that were added to exactly this asset are listed. FlexMeasures does not have this operation.
         */
        get: operations["listAnnotationsOfAsset"];
        put?: never;
        /**
         * Add an annotation to an asset.
         * @description For account-admins of the account of the asset. Charts show annotations, and forecasts use those of type `holiday`. An annotation of the user with the same content, period, type and `prior` is stored once. FlexMeasures has this operation since February 2026 (v3.0-29).
         */
        post: operations["annotateAsset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/assets/{id}/annotations/{annotation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the asset. */
                id: components["parameters"]["AssetId"];
                /** @description Id of the annotation. */
                annotation_id: components["parameters"]["AnnotationId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete an annotation of an asset.
         * @description For account-admins of the account of the asset. An annotation that was added to other things as well stays there. FlexMeasures does not have this operation.
         */
        delete: operations["deleteAnnotationOfAsset"];
        options?: never;
        head?: never;
        /**
         * Change an annotation of an asset.
         * @description For account-admins of the account of the asset. Fields that are not given stay as they are. If something changes, the source becomes that of the user. An annotation that was added to other things as well stays as it is for them; it then gets another id here, as it does if it becomes the same as another annotation of the user. FlexMeasures does not have this operation.
         */
        patch: operations["updateAnnotationOfAsset"];
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
         * List the sensors of an account, or of an asset.
         * @description By default, the sensors of the account of the user. FlexMeasures has the parameters besides `account_id` since January 2025 (v3.0-23). It sends `event_resolution` as an ISO 8601 duration; here, it is in minutes, as in FlexMeasures 0.12. With `page` or `per-page`, the answer is an object, as in FlexMeasures; otherwise it is a list.
         */
        get: operations["listSensors"];
        put?: never;
        /**
         * Create a sensor.
         * @description For account-admins on assets of their account, and for admins on all assets. FlexMeasures has this operation since August 2023 (0.15). There, all members of an account may create sensors, and the knowledge horizon cannot be set.
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
         * @description Returns for every step of the window the most recent belief that matches the filters, of any source. Of several
         *     beliefs with the same recording time, the one of the source with the highest id counts.
         *
         *     The parameters can also be the fields of a JSON body; those in the query count first.
         */
        get: operations["getSensorData"];
        put?: never;
        /**
         * Post values of a sensor.
         * @description Either all values are stored or none. Values that repeat what the source already believed are not stored again. Values
         *     that would replace others of the same source and recording time are refused, unless the host allows this
         *     (`FLEXMEASURES_ALLOW_DATA_OVERWRITE`). New data may trigger forecasts.
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
         * @description For members of the account of the sensor. Every user may get sensors of public assets. FlexMeasures has this operation since August 2023 (0.15).
         */
        get: operations["getSensor"];
        put?: never;
        post?: never;
        /**
         * Delete a sensor.
         * @description Deletes all data of the sensor as well. For account-admins. FlexMeasures has this operation since August 2023 (0.15).
         */
        delete: operations["deleteSensor"];
        options?: never;
        head?: never;
        /**
         * Change a sensor.
         * @description For account-admins. Fields that are not sent do not change. The unit and the resolution can change while the sensor has no data. FlexMeasures has this operation since August 2023 (0.15). There, stored data keeps its values when the unit or the resolution changes.
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
         * @description The same as `GET sensors/data`, with the sensor in the path. The unit is optional. FlexMeasures has this operation since September 2025 (0.28).
         */
        get: operations["getDataOfSensor"];
        put?: never;
        /**
         * Post values of the sensor in the path, or a file with them.
         * @description Send JSON as for `POST sensors/data`, with the sensor in the path, or a CSV or Excel file with one event per row. The
         *     same rules apply to both: all values are stored or none, and values are not replaced.
         *
         *     Files of one user are read one after another. A spreadsheet may have 32 MB unpacked, and reading it may take 30
         *     seconds and 256 MB of memory. Send larger spreadsheets as CSV. A line of CSV may have 1 MB and 16,384 columns.
         *     FlexMeasures has this operation since September 2025 (0.28). There, files have an operation of their own, and
         *     large data is stored by a job (202).
         */
        post: operations["postDataOfSensor"];
        /**
         * Delete data of the sensor in the path.
         * @description For account-admins. Without fields, all data of the sensor is deleted. FlexMeasures has this operation since July 2025 (0.27). Fields in the query are an error here, as more would be deleted than asked for.
         */
        delete: operations["deleteDataOfSensor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/sensors/{id}/data/upload": {
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
         * Upload files with values of the sensor in the path.
         * @description Reads CSV or Excel files with one event per row. Either all files are stored or none, and values are not replaced. The
         *     options apply to all files. FlexMeasures has this operation since July 2025 (0.27). There, only the unit and
         *     `belief-time-measured-instantly` can be set, and large files are stored by a job (202).
         */
        post: operations["uploadDataOfSensor"];
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
         * @description There is one entry per data source. Without a window, all data is used. FlexMeasures has this operation since September 2024 (0.23). It answers the fields that are named after the sources, and no others; there, all beliefs count, here the latest belief about each event.
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
    "/api/v3_0/sensors/{id}/status": {
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
         * Tell whether the data of a sensor is as recent as expected.
         * @description There is one entry per type of data source. FlexMeasures has this operation since June 2025 (0.26). There, measured data
         *     is stale two steps after the latest event became known.
         *
         *     Measured data is stale if the next event is overdue. It is expected at its knowledge time, plus the delay with which
         *     nine of ten of the latest 100 events arrived, at most two days, plus one step as a tolerance. A step is the resolution of
         *     the sensor, or the usual time between two events if this is longer.
         *
         *     Forecasts and schedules are stale if they do not reach 12 hours into the future, or half as far as the latest event did
         *     when it was first computed, if this is less. This also applies to other sources that only have data about the future.
         */
        get: operations["getSensorStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/sensors/{id}/annotations": {
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
         * List the annotations of a sensor.
         * @description For users who can read the sensor. Only annotations that were added to exactly this sensor are listed. FlexMeasures does not have this operation.
         */
        get: operations["listAnnotationsOfSensor"];
        put?: never;
        /**
         * Add an annotation to a sensor.
         * @description For users who may post data to the sensor. Charts show annotations, and forecasts use those of type `holiday`. An annotation of the user with the same content, period, type and `prior` is stored once. FlexMeasures has this operation since February 2026 (v3.0-29).
         */
        post: operations["annotateSensor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/sensors/{id}/annotations/{annotation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
                /** @description Id of the annotation. */
                annotation_id: components["parameters"]["AnnotationId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete an annotation of a sensor.
         * @description For users who may post data to the sensor. An annotation that was added to other things as well stays there. FlexMeasures does not have this operation.
         */
        delete: operations["deleteAnnotationOfSensor"];
        options?: never;
        head?: never;
        /**
         * Change an annotation of a sensor.
         * @description For users who may post data to the sensor. Fields that are not given stay as they are. If something changes, the source becomes that of the user. An annotation that was added to other things as well stays as it is for them; it then gets another id here, as it does if it becomes the same as another annotation of the user. FlexMeasures does not have this operation.
         */
        patch: operations["updateAnnotationOfSensor"];
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
         * Get the accuracy of the forecasts of a sensor.
         * @description There is one entry per horizon and data source. It has the same figures for naive forecasts of the same events: the last known value, and the value at the same time of the latest known day or week. Of several forecasts of an event, the latest one that was made early enough is used. Without `horizon`, a source is listed at the horizons at which it made forecasts. Schedules are not forecasts. For prices, sources other than forecasting scripts are compared only if `source` names them. Without a window, the last 60 days are used. FlexMeasures does not have this operation.
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
    "/api/v3_0/sensors/{id}/forecasts/trigger": {
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
         * Request forecasts of a sensor.
         * @description For users who may post data to the sensor. The answer has the id of a job. `GET /sensors/{id}/forecasts/{uuid}` gives the
         *     forecasts when the job is done. FlexMeasures has this operation since February 2026 (v3.0-29).
         *
         *     The events from `start` to `end` are forecast, from one viewpoint at `start`, or from several ones: see
         *     `forecast-frequency`. Measurements of events before the viewpoint are used. The forecasts are stored with the time of
         *     their viewpoint, or with `prior`, as belief time. Viewpoints in the future become the time of the request.
         *
         *     The method is that of all forecasts of this server: see `docs/forecasting.md`. A start between two events is moved to the
         *     start of the event; the message tells this. Sensors with a custom forecaster use it; it knows only the times, `lower`, `upper`
         *     and `snap`.
         */
        post: operations["triggerForecast"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/sensors/{id}/forecasts/{uuid}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
                /** @description UUID of the job. A schedule and its job have the same UUID. */
                uuid: components["parameters"]["JobUuid"];
            };
            cookie?: never;
        };
        /**
         * Get the forecasts of a job.
         * @description For users who may read the sensor. Of several viewpoints, the latest forecast of each event. FlexMeasures has this operation since February 2026 (v3.0-29). There, the job of several training periods lists other jobs; here, one job has all forecasts.
         */
        get: operations["getForecast"];
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
         * Request a schedule.
         * @description The schedule is for the device whose power the sensor records. A job computes it; the answer has the UUID with which
         *     you can get it. The built-in scheduler supports batteries, charge points and devices that the flex-model describes.
         *     The attribute `custom-scheduler` names another scheduler, which must exist.
         *
         *     This operation schedules one device. To schedule several devices of a site together, request schedules of the
         *     asset. Or schedule them one after another and send those with schedules as `inflexible-device-sensors`.
         *
         *     For users who may post data to the sensor, and to the sensors that record other parts of the schedule (`consumption`,
         *     `production`, `state-of-charge` and the `aggregate-` fields), and who may read every sensor that the schedule uses: the
         *     sensors in the request, in stored flexibility, and in attributes of the sensor, its asset and parent assets. The job
         *     checks all of this again when it runs. FlexMeasures has these sensors, limits that are relaxed, and source filters since
         *     1.0; what differs is in docs/compatibility.md.
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
                /** @description The UUID in the answer of `schedules/trigger`. */
                uuid: components["parameters"]["ScheduleUuid"];
            };
            cookie?: never;
        };
        /**
         * Get a schedule.
         * @description Returns the schedule of this UUID, even if there are newer schedules. By default, consumption is positive. In the stored
         *     data of the sensor, production is positive unless its attribute `consumption_is_positive` is true.
         *
         *     All sensors to which the schedule was recorded answer: the power sensors of the devices, and those that `consumption`,
         *     `production`, `state-of-charge` and the `aggregate-` fields name. Only users who may read
         *     everything that the job has read get remarks and the reason of a failure.
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
         * Request schedules for several devices of a site.
         * @description The devices share the grid connection of the asset, its prices and its capacities. Therefore they are scheduled
         *     together. One job computes all schedules. The answer has its UUID, with which you can get the schedules of all
         *     devices or of one sensor. For users who may read the asset and may request a schedule of each sensor, and post data to the
         *     sensors that record other parts of the schedules. FlexMeasures has this operation since June 2025 (0.27). There, the
         *     answer is 202.
         */
        post: operations["triggerSiteSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/assets/{id}/schedules/preview": {
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
         * See what schedules would do, without storing anything.
         * @description Computes the schedules that `triggerSiteSchedule` would, and returns them at once. Nothing is stored: no schedule, no
         *     job, no flexibility. With `flexibility`, the schedules are those that result if the asset stored it. For users who may
         *     request the schedules. Each preview counts as a request for a schedule. Only one preview of an account runs at a time; others wait for their turn.
         *     FlexMeasures does not have this operation.
         */
        post: operations["previewSiteSchedule"];
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
                /** @description The UUID in the answer of `schedules/trigger`. */
                uuid: components["parameters"]["ScheduleUuid"];
            };
            cookie?: never;
        };
        /**
         * Get the schedules of the devices of a site.
         * @description Returns the schedules of this UUID and their expected cost. Consumption is positive. For users who may read the
         *     asset, each sensor, and everything that the job has read. FlexMeasures does not have this operation; there, the
         *     schedule of each sensor is read.
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
    "/api/v3_0/schedulers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the schedulers of plugins.
         * @description The schedulers that the attribute `custom-scheduler` of a sensor or an asset can name: as `{"module": ..., "class": ...}`, or by the name alone if only one plugin offers it. Without the attribute, the built-in scheduler is used.
         */
        get: operations["listSchedulers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/forecasters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the forecasters of plugins.
         * @description The forecasters that the attribute `custom-forecaster` of a sensor or an asset can name.
         */
        get: operations["listForecasters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the data sources that the user may know.
         * @description Sources of users of the accounts that the user can read, and of scripts. Admins and admin-readers get all sources. FlexMeasures has this operation since June 2026 (0.33). There, some types have other names: `forecaster` for `forecasting script` and `scheduler` for `scheduling script`; and fields without a value are left out.
         */
        get: operations["listSources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/sources/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the data source. */
                id: components["parameters"]["SourceId"];
            };
            cookie?: never;
        };
        /**
         * Get a data source.
         * @description One of the sources that `GET /sources` lists. FlexMeasures plans this operation.
         */
        get: operations["getSource"];
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
         * @description By default, the users of the account of the user. With `page` or `per-page`, the answer is an object with the page and the
         *     number of users.
         */
        get: operations["listUsers"];
        put?: never;
        /**
         * Create a user.
         * @description For account-admins and consultants of the account. The user gets an e-mail with a link to choose a password.
         *     FlexMeasures has this operation since 0.28.
         */
        post: operations["createUser"];
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
         * @description Users can change their own personal fields. Account-admins can change all fields of the users of their account, except
         *     of admins and admin-readers. Fields that are not sent do not change. A new e-mail address must be confirmed, except if
         *     an admin changes it.
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
         * @description Sets a random password and invalidates all sessions and tokens of the user. The user gets an e-mail with a link to
         *     choose a new password. For the user and for admins.
         */
        patch: operations["resetUserPassword"];
        trace?: never;
    };
    "/api/v3_0/users/{id}/auditlog": {
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
         * Read what a user did, and what was done to the user.
         * @description For the user, and for account-admins of the account. Others than the user see nothing about accounts that they cannot
         *     read, such as the clients of a consultant. By default, the first ten entries. FlexMeasures has this operation since 0.21.
         */
        get: operations["getUserAuditLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/accounts/{id}/energy_balance": {
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
         * Get how energy flows at the sites of an account.
         * @description The sum of the balances of all assets of the account that are in no other asset. The import of one site does not cancel
         *     the export of another. Money is null if the sites have different currencies. The period has at most 31 days.
         */
        get: operations["getAccountEnergyBalance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/accounts/{id}/auditlog": {
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
         * Read who changed what in an account.
         * @description For account-admins of the account. The log has changes of the account, its users, assets and sensors, also of those that
         *     were deleted. Without `page` and `per-page`, the answer is a list of at most 1000 entries. FlexMeasures has this
         *     operation since 0.21, without pages, and only with changes of the account and its users.
         */
        get: operations["getAccountAuditLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/assets/{id}/auditlog": {
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
         * Read who changed an asset or its sensors.
         * @description For users who may read the asset. What happened while it belonged to an account that the user cannot read is left out. By
         *     default, the first ten entries. FlexMeasures has this operation since 0.22.
         */
        get: operations["getAssetAuditLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/users/{id}/two-factor": {
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
         * Get the second factor of a user.
         * @description For the user, and for account-admins of the account. FlexMeasures does not have this operation.
         */
        get: operations["getTwoFactor"];
        put?: never;
        /**
         * Begin to set up an app for the second factor.
         * @description For the user. The app (TOTP, RFC 6238) reads the secret or the URL, as a QR code. It is needed after it was
         *     confirmed. FlexMeasures does not have this operation.
         */
        post: operations["beginTwoFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/users/{id}/two-factor/confirm": {
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
        /**
         * Confirm the app with a code that it shows.
         * @description For the user. From now on, logins need a code of the app, or one of the recovery codes in the answer, each of
         *     which works once. FlexMeasures does not have this operation.
         */
        post: operations["confirmTwoFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/users/{id}/two-factor/remove": {
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
        /**
         * Remove the second factor of a user.
         * @description For the user, with a code of the app or a recovery code, and for account-admins of the account, without one.
         *     FlexMeasures does not have this operation.
         */
        post: operations["removeTwoFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/users/{id}/tokens": {
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
         * List the device tokens of a user.
         * @description For the user, and for account-admins of the account. Revoked tokens are left out. FlexMeasures does not have this operation.
         */
        get: operations["listDeviceTokens"];
        put?: never;
        /**
         * Create a device token.
         * @description For the user. The token acts for the user as a plain member of the account. The answer is the only one that contains
         *     its secret. FlexMeasures does not have this operation.
         */
        post: operations["createDeviceToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/users/{id}/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the user. */
                id: components["parameters"]["UserId"];
                /** @description Id of the device token. */
                token_id: components["parameters"]["DeviceTokenId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a device token.
         * @description For the user, and for account-admins of the account. The token is refused from the next request on. FlexMeasures does not have this operation.
         */
        delete: operations["revokeDeviceToken"];
        options?: never;
        head?: never;
        patch?: never;
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
         * @description Users see their own account, consultants also their client accounts, admins and admin-readers all accounts. With `page`
         *     or `per-page`, the answer is an object with the page and the number of accounts. FlexMeasures has this operation since
         *     0.13; in newer versions, `account_roles` are objects.
         */
        get: operations["listAccounts"];
        put?: never;
        /**
         * Create an account.
         * @description For admins of the server, and for consultants of an account with the role `Consultancy`. The account of a consultant
         *     becomes the consultancy of the new one. FlexMeasures has this operation since 0.33.
         */
        post: operations["createAccount"];
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
         * @description For members and consultants of the account, admins and admin-readers. FlexMeasures has this operation since 0.13.
         */
        get: operations["getAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change an account.
         * @description For account-admins and consultants of the account. Fields that are not sent do not change. FlexMeasures has this operation
         *     since 0.23, for all members; there, they also change roles. Here, only admins change the roles and the plan.
         */
        patch: operations["updateAccount"];
        trace?: never;
    };
    "/api/v3_0/accounts/{id}/annotations": {
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
         * List the annotations of an account.
         * @description For users who can read the account. Only annotations that were added to exactly this account are listed. FlexMeasures does not have this operation.
         */
        get: operations["listAnnotationsOfAccount"];
        put?: never;
        /**
         * Add an annotation to an account.
         * @description For account-admins of the account. Charts show annotations, and forecasts use those of type `holiday`. An annotation of the user with the same content, period, type and `prior` is stored once. FlexMeasures has this operation since February 2026 (v3.0-29).
         */
        post: operations["annotateAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v3_0/accounts/{id}/annotations/{annotation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the account. */
                id: components["parameters"]["AccountId"];
                /** @description Id of the annotation. */
                annotation_id: components["parameters"]["AnnotationId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete an annotation of an account.
         * @description For account-admins of the account. An annotation that was added to other things as well stays there. FlexMeasures does not have this operation.
         */
        delete: operations["deleteAnnotationOfAccount"];
        options?: never;
        head?: never;
        /**
         * Change an annotation of an account.
         * @description For account-admins of the account. Fields that are not given stay as they are. If something changes, the source becomes that of the user. An annotation that was added to other things as well stays as it is for them; it then gets another id here, as it does if it becomes the same as another annotation of the user. FlexMeasures does not have this operation.
         */
        patch: operations["updateAnnotationOfAccount"];
        trace?: never;
    };
    "/api/v3_0/jobs/{uuid}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID of the job. A schedule and its job have the same UUID. */
                uuid: components["parameters"]["JobUuid"];
            };
            cookie?: never;
        };
        /**
         * Get the state of a job.
         * @description For users who may read all sensors that the job is for, and all sensors that it has read.
         *
         *     FlexMeasures has this operation since v3.0-31. The fields with hyphens, and `status`, `message`, `origin`, `func_name`,
         *     `enqueued_at` and `exc_info`, are its fields; the others are additions. The status of the answer is 200 in every
         *     state of the job, also where FlexMeasures answers 202 or 422 since v3.0-32.
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
    "/api/v3_0/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow what happens.
         * @description Server-sent events: the answer stays open, and each event is a message with `id`, `event` and `data` (JSON), as
         *     [the standard](https://html.spec.whatwg.org/multipage/server-sent-events.html) describes. Browsers read them with `EventSource`.
         *     Events of all servers and workers on the same database are sent, usually within a fraction of a second.
         *
         *     Only events about what the user may read are sent, as the rights are at the time. The stream ends when the session or the token
         *     ends, or the user is deactivated. A user may have 20 streams open on a server, or as many as the host has set.
         *
         *     | event                                                                       | data                                                                                             |
         *     | --------------------------------------------------------------------------- | ------------------------------------------------------------------------------------------------ |
         *     | `beliefs.saved`                                                             | `sensor`, `source`; `measurements` and `forecasts`: `count`, `first_event_start`, `last_event_start` |
         *     | `beliefs.deleted`                                                           | `sensors`, or none for all; if the deletion was limited, `source`, `start`, `end`                |
         *     | `schedule.stored`                                                           | `sensors`, `source`, `start`, `end`, `belief_time`                                               |
         *     | `job.queued`, `job.started`, `job.postponed`, `job.finished`, `job.failed`  | `job`, `queue`, `kind` (`schedule`, `requested-forecast`, or `forecast` after new data), `state`, `sensors`; for users who may read all sensors of the job                |
         *     | `annotation.created`, `annotation.updated`                                  | `sensors`, `assets`, `accounts`                                                                  |
         *     | `annotation.deleted`                                                        | `sensors`, `assets`, `accounts`; none of them: all annotations were deleted                      |
         *     | `sensor.created`                                                            | `sensor`, `asset`                                                                                |
         *     | `sensor.updated`                                                            | `sensor`, `fields`                                                                               |
         *     | `asset.updated`                                                             | `asset`, `fields`                                                                                |
         *     | `heartbeat`                                                                 | nothing: the connection works. At the start, and every 15 seconds                                |
         *     | `reset`                                                                     | nothing: events were missed, so load everything that you show anew                               |
         *
         *     ## Resuming
         *
         *     A client that was cut off sends the id of the last message that it has seen, in the header `Last-Event-ID` as browsers do, or
         *     in the parameter. It gets all events since then, each once. If some of them are no longer stored (they are kept for an hour, or
         *     as long as the host has set), it gets `reset`, and the events from now on.
         */
        get: operations["streamEvents"];
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
         * Get data about an asset for charts.
         * @description Its name, and the period in which its shown sensors have data.
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
         * Get data about a sensor for charts.
         * @description Its name, and the period in which it has data.
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
         * @description A Vega-Lite specification that a web page can embed: bars for events with a duration, a line for instantaneous
         *     events. Forecasts are dashed.
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
         * @description For charts whose specification was requested without data.
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
         * @description Annotations of the sensor, its asset and its account, for example holidays.
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
        /**
         * @description A request for a schedule of a sensor with a custom scheduler (attribute `custom-scheduler`), which may use fields of its own
         *     in `flex-model` and `flex-context`. Send it to the same operation as `SchedulePost`.
         */
        CustomSchedulePost: {
            /**
             * Format: date-time
             * @description When the schedule starts.
             * @example 2026-11-23T07:00:00+01:00
             */
            start: string;
            /**
             * Format: duration
             * @description Duration of the schedule.
             * @example PT12H
             */
            duration?: string;
            /**
             * Format: duration
             * @description Duration of a step of the schedule.
             * @example PT1H
             */
            resolution?: string;
            /**
             * Format: date-time
             * @description Use only beliefs that were recorded at this time or earlier.
             * @example 2026-11-23T00:00:00+01:00
             */
            prior?: string;
            /**
             * @description Always compute a new schedule.
             * @default false
             * @example true
             */
            force_new_job_creation?: boolean;
            /**
             * @description Newer name of `force_new_job_creation`.
             * @default false
             * @example true
             */
            "force-new-job-creation"?: boolean;
            /** @description Fields of the custom scheduler, and of `FlexModel`. */
            "flex-model"?: {
                [key: string]: unknown;
            };
            /** @description Fields of the custom scheduler, and of `FlexContext`. */
            "flex-context"?: {
                [key: string]: unknown;
            };
        };
        /** @description A request for schedules of a site with a custom scheduler. See `CustomSchedulePost` and `SiteSchedulePost`. */
        CustomSiteSchedulePost: {
            /**
             * Format: date-time
             * @description When the schedules start.
             * @example 2026-11-23T07:00:00+01:00
             */
            start: string;
            /** @description The devices, with fields of the custom scheduler. */
            "flex-model": ({
                /** @description Power sensor of the device. */
                sensor: components["schemas"]["SensorReference"];
            } & {
                [key: string]: unknown;
            })[];
            /** @description Fields of the custom scheduler, and of `FlexContext`. */
            "flex-context"?: {
                [key: string]: unknown;
            };
        } & {
            [key: string]: unknown;
        };
        /** @description The answer for any other error. */
        Failure: {
            /**
             * @description Error message for people.
             * @example This path does not know the method PUT.
             */
            message: string;
            /**
             * @description Present if the error is in the request.
             * @example Rejected
             * @enum {string}
             */
            result?: "Rejected";
            /**
             * @description Error code for programs.
             * @example INVALID_METHOD
             */
            status: string;
        };
        /** @description The versions of the API. */
        Versions: {
            /**
             * @description The release of FlexMeasures whose operations and fields this server has.
             * @example 0.33.1
             */
            flexmeasures_version: string;
            /**
             * @description Message for people.
             * @example For these API versions endpoints are available. An authentication token can be requested at: /api/requestAuthToken. For a list of services, see https://flexmeasures.readthedocs.io
             */
            message: string;
            /**
             * @description The HTTP status code.
             * @example 200
             * @enum {integer}
             */
            status: 200;
            /** @description Versions of the API. Each is a path below /api. */
            versions: string[];
        };
        /** @description The answer to a request that was refused. */
        Rejection: {
            /**
             * @description Error message for people.
             * @example You cannot be authorized for this content or functionality.
             */
            message: string;
            /**
             * @description Always the same text.
             * @example Rejected
             * @enum {string}
             */
            result: "Rejected";
            /**
             * @description Error code for programs.
             * @example INVALID_SENDER
             */
            status: string;
        };
        /** @description An operation of the API. */
        Service: {
            /**
             * @description The full URL. Parameters are in braces.
             * @example http://localhost:5000/api/v3_0/assets/{id}
             */
            url: string;
            /**
             * @description The method and the path within this version.
             * @example GET /assets/{id}
             */
            name: string;
            /**
             * @description What the operation does.
             * @example Get an asset.
             */
            description: string;
        };
        /** @description The operations of this version of the API. */
        Services: {
            /** @description The operations, ordered by URL. */
            services: components["schemas"]["Service"][];
            /**
             * @description The version of the API.
             * @example 3.0
             * @enum {string}
             */
            version: "3.0";
            /**
             * @description Message for people.
             * @example Request has been processed.
             */
            message: string;
            /**
             * @description The outcome.
             * @example PROCESSED
             * @enum {string}
             */
            status: "PROCESSED";
        };
        /** @description Readiness of the server. */
        Health: {
            /**
             * @description Whether the database can be reached.
             * @example true
             */
            database_sql: boolean;
            /**
             * @description Why the server is not ready, and what to do.
             * @example The database cannot be reached.
             */
            message?: string;
            /**
             * @description The HTTP status code.
             * @example 200
             * @enum {integer}
             */
            status: 200 | 503;
        };
        /** @description The answer of a server that runs. */
        Ping: {
            /**
             * @description Always the same text.
             * @example ok
             */
            message: string;
            /**
             * @description The HTTP status code.
             * @example 200
             * @enum {integer}
             */
            status: 200;
        };
        /** @description The latest run of a task, or why it is not known. */
        TaskRun: {
            /**
             * @description Whether the latest run succeeded. Without a run, `ERROR`.
             * @example OK
             * @enum {string}
             */
            status: "OK" | "ERROR";
            /**
             * @description Why the latest run is not known; empty if it is known.
             * @example
             */
            reason: string;
            /**
             * @description Time of the latest run; `1970-01-01T00:00:00` if it is not known.
             * @example 2026-11-22T21:50:00+00:00
             */
            lastrun: string;
            /**
             * @description Number of minutes in which the task should run again; the setting `MONITOR_FREQUENCY_<NAME>`.
             * @example 10
             */
            frequency: number;
            /**
             * @description Always the same text.
             * @example FlexMeasures
             */
            process: string;
            /**
             * @description Mode of the server, the setting `FLEXMEASURES_MODE`.
             * @example
             */
            server: string;
        };
        /** @description A run of a task. */
        TaskRunForm: {
            /**
             * @description Name of the task.
             * @example get_weather_forecasts
             */
            name: string;
            /**
             * @description Whether the run succeeded, `True` or `False`. Any other text means that it failed.
             * @default True
             * @example True
             */
            status?: string;
            /**
             * @description Time of the run, ISO 8601, in UTC if it has no time zone. By default the time of the request.
             * @example 2026-11-22T21:50:00+00:00
             */
            datetime?: string;
        };
        /** @description The run was recorded. */
        TaskRunReceipt: {
            /**
             * @description Always the same text.
             * @example OK
             * @enum {string}
             */
            status: "OK";
        };
        /** @description The run was not recorded. */
        TaskRunFailure: {
            /**
             * @description Always the same text.
             * @example ERROR
             * @enum {string}
             */
            status: "ERROR";
            /**
             * @description Why the run was not recorded.
             * @example No task name given.
             */
            reason: string;
        };
        /** @description The answer to a request without valid authentication. */
        NotAuthenticated: {
            /**
             * @description Error message for people.
             * @example You could not be properly authenticated for this content or functionality.
             */
            message: string;
            /**
             * @description Error code for programs.
             * @example UNAUTHORIZED
             * @enum {string}
             */
            status: "UNAUTHORIZED";
        };
        /** @description Credentials of a user. Other fields are ignored. */
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
            /**
             * @description Code of the second factor, if the login needs one: the code that the app of the user shows, the code in the e-mail, or a
             *     recovery code.
             * @example 405060
             */
            code?: string;
        } & {
            [key: string]: unknown;
        };
        /** @description A token and its user. */
        AuthToken: {
            /**
             * @description The token. Send it in the header `Authorization`.
             * @example eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl
             */
            auth_token: string;
            /**
             * @description The HTTP status code.
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
        /** @description The answer to a login without an e-mail address or a password. */
        MissingCredentials: {
            /** @description What is missing, as sentences for people. */
            errors: string[];
            /**
             * @description The HTTP status code.
             * @example 400
             * @enum {integer}
             */
            status: 400;
        };
        /** @description A type of assets. */
        AssetTypeName: {
            /**
             * @description Id of the type.
             * @example 5
             */
            id: number;
            /**
             * @description Name of the type.
             * @example battery
             */
            name: string;
        };
        /** @description An asset directly below another one. */
        ChildAsset: {
            /**
             * @description Account that owns the asset.
             * @example 1
             */
            account_id: number | null;
            /** @description The type of the asset. */
            generic_asset_type: components["schemas"]["AssetTypeName"];
            /**
             * @description Id of the asset.
             * @example 3
             */
            id: number;
            /**
             * @description Name of the asset.
             * @example toy-battery
             */
            name: string;
        };
        /** @description The account that owns an asset. */
        AssetOwner: {
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
        /** @description An asset in a list, with all its fields or with those that the parameter `fields` names. */
        AssetInList: {
            /**
             * @description Account that owns the asset; null for public assets.
             * @example 1
             */
            account_id?: number | null;
            /**
             * @description Attributes of the asset, as the text of a JSON object.
             * @example {"capacity_in_mw": 0.5, "min_soc_in_mwh": 0.05, "max_soc_in_mwh": 0.45, "sensors_to_show": [3, 2]}
             */
            attributes?: string;
            /** @description The assets directly below this one that the user may read, by id. */
            child_assets?: components["schemas"]["ChildAsset"][];
            /**
             * @description What the asset is, for people.
             * @example Battery in the basement
             */
            description?: string | null;
            /**
             * @description Id of the asset in another system.
             * @example c8a53865-4702-494d-b559-9eefce296038
             */
            external_id?: string | null;
            /**
             * @description Stored flex-context of the asset and of all assets below it, as the text of a JSON object.
             * @example {"consumption-price": {"sensor": 3}}
             */
            flex_context?: string;
            /**
             * @description Stored flex-model of the asset, as the text of a JSON object.
             * @example {"soc-max": "450 kWh"}
             */
            flex_model?: string;
            /** @description The type of the asset. */
            generic_asset_type?: components["schemas"]["AssetTypeName"];
            /**
             * @description Id of the type of the asset. The built-in scheduler supports some types without further description.
             * @example 5
             */
            generic_asset_type_id?: number;
            /**
             * @description Id of the asset.
             * @example 3
             */
            id: number;
            /**
             * @description Degrees north of the equator.
             * @example 52.374
             */
            latitude?: number | null;
            /**
             * @description Degrees east of Greenwich.
             * @example 4.88969
             */
            longitude?: number | null;
            /**
             * @description Name of the asset.
             * @example toy-battery
             */
            name?: string;
            /** @description The account that owns the asset; null for public assets. */
            owner?: components["schemas"]["AssetOwner"] | null;
            /**
             * @description The asset that this one is part of.
             * @example 2
             */
            parent_asset_id?: number | null;
            /** @description The sensors of the asset, by id. */
            sensors?: components["schemas"]["AssetSensor"][];
            /**
             * @description What charts of the asset show, as the text of a JSON list. The attribute `sensors_to_show` always says the same.
             * @example [3, 2]
             */
            sensors_to_show?: string;
            /**
             * @description The daily sensors whose key figures are shown, as the text of a JSON list.
             * @example [{"title": "Costs", "sensor": 7, "function": "sum"}]
             */
            sensors_to_show_as_kpis?: string;
        };
        /** @description A page of a list of assets. */
        AssetRecords: {
            /** @description The assets of the page. */
            data: components["schemas"]["AssetInList"][];
            /**
             * @description Number of assets on all pages.
             * @example 1
             */
            "filtered-records": number;
            /**
             * @description The same without the parameter `filter`.
             * @example 3
             */
            "num-records": number;
        };
        /**
         * @description The reasons, by field. Fields of a flex-model and a flex-context have no prefix. Reasons of elements of a list are
         *     nested by position, counted from 0 (`{"values": {"2": [...]}}`, `{"soc-targets": {"0": {"datetime": [...]}}}`).
         *     `_schema` is for errors about several fields together.
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
        /** @description The reasons, by part of the request and by field. */
        FailedFields: {
            /** @description Fields of the JSON body, or one sentence if the error is about the whole request. */
            json?: components["schemas"]["FieldReasons"] | string;
            /** @description Parameters of the query. */
            query?: components["schemas"]["FieldReasons"];
            /** @description Parameters of the path. */
            path?: components["schemas"]["FieldReasons"];
            /** @description Fields of an upload. */
            form?: components["schemas"]["FieldReasons"];
            /** @description Parameters of the query of a request for a schedule. */
            args_and_json?: components["schemas"]["FieldReasons"];
        };
        /** @description The answer to a request with fields that are missing, unknown or invalid. Nothing was changed. */
        ValidationFailure: {
            message: components["schemas"]["FailedFields"];
            /**
             * @description Always the same text.
             * @example Rejected
             * @enum {string}
             */
            result: "Rejected";
            /**
             * @description Error code for programs.
             * @example UNPROCESSABLE_ENTITY
             * @enum {string}
             */
            status: "UNPROCESSABLE_ENTITY";
        };
        /** @description An asset to create. */
        AssetPost: {
            /**
             * @description Name of the asset, unique among the assets below the same parent or, without a parent, among those of the account.
             * @example second-battery
             */
            name: string;
            /**
             * @description Id of the type of the asset; see `assets/types`.
             * @example 5
             */
            generic_asset_type_id: number;
            /**
             * @description Account that owns the asset. Null makes it public; only admins can do this. If it is not sent, the asset belongs to
             *     the account of its parent or, without a parent, is public.
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
             * @description Attributes of the asset, as the text of a JSON object or as the object. The user must be able to read the sensors that it names. The custom schedulers and forecasters that it names must exist.
             * @default {}
             * @example {"capacity_in_mw": 0.25, "max_soc_in_mwh": 0.5}
             */
            attributes?: string | {
                [key: string]: unknown;
            };
            /**
             * @description The asset that this one is part of; null for none. It must belong to the same account, and must not be below the
             *     asset.
             * @example 2
             */
            parent_asset_id?: number | null;
            /**
             * @description What the asset is, for people.
             * @example Battery in the basement
             */
            description?: string | null;
            /**
             * @description Id of the asset in another system, unique in the account. An empty text removes it.
             * @example c8a53865-4702-494d-b559-9eefce296038
             */
            external_id?: string | null;
            /**
             * @description Flex-context of the asset and of all assets below it, as JSON or as its text. Schedules use each field that the
             *     request does not send; the nearest asset with the field counts. See docs/flexibility.md. The user must be able to
             *     read the sensors that it names.
             * @example {
             *       "consumption-price": {
             *         "sensor": 3
             *       },
             *       "site-power-capacity": "500 kVA"
             *     }
             */
            flex_context?: string | {
                [key: string]: unknown;
            };
            /**
             * @description Flex-model of the asset, as JSON or as its text. Schedules of the asset, and of assets above it, use each field that
             *     the request does not send. `sensor`, `consumption` or `production` names the power sensor, if the asset has several.
             *     The user must be able to read the sensors that it names.
             * @example {
             *       "soc-max": "450 kWh",
             *       "power-capacity": "500 kW"
             *     }
             */
            flex_model?: string | {
                [key: string]: unknown;
            };
            /**
             * @description What charts of the asset show, as JSON or as its text: a list of sensors, of lists of sensors that share a panel,
             *     and of objects with `title` and one of `sensor`, `sensors` and `plots`. Replaces the attribute of the same name.
             * @example [
             *       3,
             *       {
             *         "title": "Power",
             *         "sensors": [
             *           2
             *         ]
             *       }
             *     ]
             */
            sensors_to_show?: string | unknown[];
            /**
             * @description The daily sensors whose key figures are shown, as JSON or as its text: a list of objects with `title`, `sensor` and
             *     `function` (sum, min, max or mean). At most 100.
             * @example [
             *       {
             *         "title": "Costs",
             *         "sensor": 7,
             *         "function": "sum"
             *       }
             *     ]
             */
            sensors_to_show_as_kpis?: string | unknown[];
        };
        /** @description A thing that energy data is about, such as a battery, a building or a market zone. */
        Asset: {
            /**
             * @description Account that owns the asset; null for public assets.
             * @example 1
             */
            account_id: number | null;
            /**
             * @description Attributes of the asset, as the text of a JSON object.
             * @example {"capacity_in_mw": 0.5, "min_soc_in_mwh": 0.05, "max_soc_in_mwh": 0.45, "sensors_to_show": [3, 2]}
             */
            attributes: string;
            /** @description The assets directly below this one that the user may read, by id. */
            child_assets: components["schemas"]["ChildAsset"][];
            /**
             * @description What the asset is, for people.
             * @example Battery in the basement
             */
            description: string | null;
            /**
             * @description Id of the asset in another system.
             * @example c8a53865-4702-494d-b559-9eefce296038
             */
            external_id: string | null;
            /**
             * @description Stored flex-context of the asset and of all assets below it, as the text of a JSON object.
             * @example {"consumption-price": {"sensor": 3}}
             */
            flex_context: string;
            /**
             * @description Stored flex-model of the asset, as the text of a JSON object.
             * @example {"soc-max": "450 kWh"}
             */
            flex_model: string;
            /** @description The type of the asset. */
            generic_asset_type: components["schemas"]["AssetTypeName"];
            /**
             * @description Id of the type of the asset. The built-in scheduler supports some types without further description.
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
            /** @description The account that owns the asset; null for public assets. */
            owner: components["schemas"]["AssetOwner"] | null;
            /**
             * @description The asset that this one is part of.
             * @example 2
             */
            parent_asset_id: number | null;
            /** @description The sensors of the asset, by id. */
            sensors: components["schemas"]["AssetSensor"][];
            /**
             * @description What charts of the asset show, as the text of a JSON list. The attribute `sensors_to_show` always says the same.
             * @example [3, 2]
             */
            sensors_to_show: string;
            /**
             * @description The daily sensors whose key figures are shown, as the text of a JSON list.
             * @example [{"title": "Costs", "sensor": 7, "function": "sum"}]
             */
            sensors_to_show_as_kpis: string;
        };
        /** @description A type of assets. */
        AssetType: {
            /**
             * @description Description of the type.
             * @example stationary battery
             */
            description: string;
            /**
             * @description Id of the type.
             * @example 5
             */
            id: number;
            /**
             * @description Name of the type. Assets of type battery, one-way_evse and two-way_evse are storages for the built-in scheduler.
             * @example battery
             */
            name: string;
        };
        /** @description Fields of every answer with a single object. */
        Ok: {
            /**
             * @description The HTTP status code.
             * @example 200
             * @enum {integer}
             */
            status: 200;
        };
        /** @description One asset. */
        AssetAnswer: components["schemas"]["Asset"] & components["schemas"]["Ok"];
        /** @description Fields of an asset to change. Other fields do not change. The id and the account cannot change. */
        AssetPatch: {
            /**
             * @description Name of the asset, unique among the assets below the same parent or, without a parent, among those of the account.
             * @example toy-battery
             */
            name?: string;
            /**
             * @description Id of the type of the asset; see `assets/types`.
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
             * @description All attributes of the asset, as the text of a JSON object or as the object. It replaces the former attributes. The user must be able to read the sensors that it newly names. The custom schedulers and forecasters that it newly names must exist.
             * @example {"capacity_in_mw": 0.5, "min_soc_in_mwh": 0.05, "max_soc_in_mwh": 0.45, "sensors_to_show": [3, 2]}
             */
            attributes?: string | {
                [key: string]: unknown;
            };
            /**
             * @description The asset that this one is part of; null for none. It must belong to the same account, and must not be below the
             *     asset. A new parent moves everything below the asset.
             * @example 2
             */
            parent_asset_id?: number | null;
            /**
             * @description What the asset is, for people.
             * @example Battery in the basement
             */
            description?: string | null;
            /**
             * @description Id of the asset in another system, unique in the account. An empty text removes it.
             * @example c8a53865-4702-494d-b559-9eefce296038
             */
            external_id?: string | null;
            /**
             * @description Flex-context of the asset and of all assets below it, as JSON or as its text. Schedules use each field that the
             *     request does not send; the nearest asset with the field counts. See docs/flexibility.md. The user must be able to
             *     read the sensors that it newly names.
             * @example {
             *       "consumption-price": {
             *         "sensor": 3
             *       },
             *       "site-power-capacity": "500 kVA"
             *     }
             */
            flex_context?: string | {
                [key: string]: unknown;
            };
            /**
             * @description Flex-model of the asset, as JSON or as its text. Schedules of the asset, and of assets above it, use each field that
             *     the request does not send. `sensor`, `consumption` or `production` names the power sensor, if the asset has several.
             *     The user must be able to read the sensors that it newly names.
             * @example {
             *       "soc-max": "450 kWh",
             *       "power-capacity": "500 kW"
             *     }
             */
            flex_model?: string | {
                [key: string]: unknown;
            };
            /**
             * @description What charts of the asset show, as JSON or as its text: a list of sensors, of lists of sensors that share a panel,
             *     and of objects with `title` and one of `sensor`, `sensors` and `plots`. Replaces the attribute of the same name.
             * @example [
             *       3,
             *       {
             *         "title": "Power",
             *         "sensors": [
             *           2
             *         ]
             *       }
             *     ]
             */
            sensors_to_show?: string | unknown[];
            /**
             * @description The daily sensors whose key figures are shown, as JSON or as its text: a list of objects with `title`, `sensor` and
             *     `function` (sum, min, max or mean). At most 100.
             * @example [
             *       {
             *         "title": "Costs",
             *         "sensor": 7,
             *         "function": "sum"
             *       }
             *     ]
             */
            sensors_to_show_as_kpis?: string | unknown[];
        };
        /** @description A sensor of an asset. */
        SensorOfAsset: {
            /**
             * @description Entity address of the sensor.
             * @example ea1.2026-12.localhost:fm1.2
             */
            entity_address: string;
            /**
             * Format: duration
             * @description Duration of an event; `PT0S` for instantaneous sensors.
             * @example PT15M
             */
            event_resolution: string;
            /**
             * @description Id of the asset.
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
             * @description Time zone of the sensor.
             * @example Europe/Amsterdam
             */
            timezone: string;
            /**
             * @description Unit of the values.
             * @example MW
             */
            unit: string;
        };
        /** @description The sensors of an asset, or a page of them. */
        SensorRecords: {
            /** @description The sensors. */
            data: components["schemas"]["SensorOfAsset"][];
            /**
             * @description Number of sensors on all pages.
             * @example 1
             */
            "filtered-records": number;
            /**
             * @description The same without the parameter `filter`.
             * @example 1
             */
            "num-records": number;
        };
        /** @description A job of an asset or of one of its sensors. */
        AssetJob: {
            /**
             * @description Whether the job is for the asset or for one of its sensors.
             * @example sensor
             * @enum {string}
             */
            asset_or_sensor_type: "asset" | "sensor";
            /**
             * @description Id of the asset.
             * @example 3
             */
            asset_id: number;
            /**
             * Format: date-time
             * @description When the job was queued.
             * @example 2026-11-23T06:00:00.000Z
             */
            enqueued_at: string;
            /**
             * @description What the job is for, for people.
             * @example sensor: discharging (Id: 2)
             */
            entity: string;
            /**
             * @description Why the job failed.
             * @example null
             */
            err: string | null;
            /**
             * Format: uuid
             * @description UUID of the job.
             * @example 364bfd06-c1fa-430b-8d25-8f5a547651fb
             */
            job_id: string;
            /**
             * @description Properties of the job, as the text of a JSON object.
             * @example {"job_id":"364bfd06-c1fa-430b-8d25-8f5a547651fb","kind":"schedule","sensor_id":2}
             */
            metadata: string;
            /**
             * @description SHA-256 of `metadata`.
             * @example 0c1c6b9a6ce2c1d4c4b0f9d3e2a7f7f0f6a5f3e8c9f1b2d3e4f5a6b7c8d9e0f1
             */
            metadata_hash: string;
            /**
             * @description Queue of the job.
             * @example scheduling
             */
            queue: string;
            /**
             * @description State of the job.
             * @example finished
             * @enum {string}
             */
            status: "queued" | "started" | "finished" | "failed";
        };
        /** @description The jobs of an asset. */
        AssetJobs: {
            /** @description The newest jobs first. */
            jobs: components["schemas"]["AssetJob"][];
            /**
             * @description Always null, because jobs are recorded in the database.
             * @example null
             */
            redis_connection_err: string | null;
        };
        /** @description A key figure of an asset. */
        AssetKpi: {
            /**
             * @description What the value is of the events in the period.
             * @example sum
             * @enum {string}
             */
            downsample_function: "sum" | "min" | "max" | "mean";
            /**
             * @description The value, in the unit of the sensor; null without data.
             * @example 3.5
             */
            downsample_value: number | null;
            /**
             * @description Id of the sensor.
             * @example 7
             */
            sensor: number;
            /**
             * @description Title of the key figure.
             * @example Costs
             */
            title: string;
            /**
             * @description Unit of the value.
             * @example EUR
             */
            unit: string;
        };
        /** @description The key figures of an asset. */
        AssetKpis: {
            /** @description In the order of `sensors_to_show_as_kpis`. */
            data: components["schemas"]["AssetKpi"][];
        };
        /** @description A part of a site, whose power one sensor records. */
        BalancePart: {
            /**
             * @description Id of the sensor.
             * @example 4
             */
            sensor: number;
            /**
             * @description Name of the sensor and of its asset.
             * @example consumption (house)
             */
            name: string;
            /**
             * @description Which flows its power is.
             * @example load
             * @enum {string}
             */
            kind: "production" | "storage" | "flexible" | "load";
        };
        /** @description Mean power in each step, in kW, never negative; null if not known. */
        EnergyFlows: {
            /**
             * @description Power that the site takes from the grid.
             * @example [
             *       1.5,
             *       null
             *     ]
             */
            import: (number | null)[];
            /**
             * @description Power that it feeds into the grid.
             * @example [
             *       1.5,
             *       null
             *     ]
             */
            export: (number | null)[];
            /**
             * @description Power of solar panels and other generators.
             * @example [
             *       1.5,
             *       null
             *     ]
             */
            production: (number | null)[];
            /**
             * @description Power that charges storages.
             * @example [
             *       1.5,
             *       null
             *     ]
             */
            charge: (number | null)[];
            /**
             * @description Power that storages give back.
             * @example [
             *       1.5,
             *       null
             *     ]
             */
            discharge: (number | null)[];
            /**
             * @description Power of loads that schedules can move.
             * @example [
             *       1.5,
             *       null
             *     ]
             */
            flexible: (number | null)[];
            /**
             * @description Power of other loads.
             * @example [
             *       1.5,
             *       null
             *     ]
             */
            inflexible: (number | null)[];
        };
        /** @description Energy of a day in kWh in the steps in which all parts are known, and its money. */
        BalanceDay: {
            /**
             * Format: date
             * @description The day in the time zone of the balance, as far as it is in the period.
             * @example 2026-11-23
             */
            date: string;
            /**
             * @description Power that the site takes from the grid: energy of the day, in kWh.
             * @example 8.1
             */
            import: number;
            /**
             * @description Power that it feeds into the grid: energy of the day, in kWh.
             * @example 8.1
             */
            export: number;
            /**
             * @description Power of solar panels and other generators: energy of the day, in kWh.
             * @example 8.1
             */
            production: number;
            /**
             * @description Power that charges storages: energy of the day, in kWh.
             * @example 8.1
             */
            charge: number;
            /**
             * @description Power that storages give back: energy of the day, in kWh.
             * @example 8.1
             */
            discharge: number;
            /**
             * @description Power of loads that schedules can move: energy of the day, in kWh.
             * @example 8.1
             */
            flexible: number;
            /**
             * @description Power of other loads: energy of the day, in kWh.
             * @example 8.1
             */
            inflexible: number;
            /**
             * @description What the imported energy costs, in the currency; null if a price is not known.
             * @example 1.62
             */
            cost: number | null;
            /**
             * @description What the exported energy earns, in the currency; null if a price is not known.
             * @example 0.4
             */
            revenue: number | null;
            /**
             * @description Hours of the day in which the power of a part is not known. Energy and money lack them.
             * @example 0
             */
            unknown_hours: number;
        };
        /** @description How energy flows at a site, or at all sites of an account. */
        EnergyBalance: {
            /**
             * Format: date-time
             * @description Start of the first step.
             * @example 2026-11-23T00:00:00+01:00
             */
            start: string;
            /**
             * Format: duration
             * @description Length of a step. A quarter-hour, or an hour for periods of more than three days.
             * @example PT15M
             */
            resolution: string;
            /**
             * Format: date-time
             * @description The moment up to which power is measured, and from which on it is planned.
             * @example 2026-11-23T12:00:00+01:00
             */
            now: string;
            /**
             * @description Time zone of the days.
             * @example Europe/Amsterdam
             */
            timezone: string;
            /**
             * @description Currency of the money; null without prices.
             * @example EUR
             */
            currency: string | null;
            /** @description The parts that the user may read; without any part, there are no flows. */
            parts: components["schemas"]["BalancePart"][];
            flows: components["schemas"]["EnergyFlows"];
            /** @description The days of the period, the first one first. */
            days: components["schemas"]["BalanceDay"][];
            /**
             * @description Sentences about what is left out or not known.
             * @example []
             */
            notes: string[];
        };
        /** @description An asset was copied. */
        AssetCopy: {
            /**
             * @description Id of the copy.
             * @example 5
             */
            asset: number;
            /**
             * @description What was copied where, for people.
             * @example Successfully copied asset 3.
             */
            message: string;
        };
        /** @description A Vega-Lite specification for a Vega-Lite renderer. */
        ChartSpecification: {
            /**
             * @description Description of the chart.
             * @example A bar chart showing sensor data.
             */
            description: string;
            /**
             * @description The name of the data, `sensor_<id>` or `asset_<id>`. A page can use it to add the data later.
             * @example {
             *       "name": "sensor_3"
             *     }
             */
            data?: {
                [key: string]: unknown;
            };
            /**
             * @description With `include_data`, the data by name: the answer of `chart_data` and, for a sensor, the answer of
             *     `chart_annotations` as `sensor_<id>_annotations`.
             * @example {
             *       "sensor_3": []
             *     }
             */
            datasets?: {
                [key: string]: unknown;
            };
            /**
             * @description Height in pixels. In a chart of an asset, each panel has its own height.
             * @example 300
             */
            height?: number;
            /**
             * @description Width in pixels, or `container` for the width of the HTML element that contains the chart. In a chart of an asset,
             *     each panel has its own width.
             */
            width?: number | string;
        } & {
            [key: string]: unknown;
        };
        /** @description The source of the belief. */
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
             * @description Model of the source; empty if there is none.
             * @example
             */
            model: string;
            /**
             * @description Type of the source, for example `user`, `forecaster` or `scheduler`, as in FlexMeasures of today.
             * @example user
             */
            type: string;
            /**
             * @description Name and model of the source, for legends.
             * @example toy-user
             */
            description: string;
        };
        /** @description The sensor of the event. */
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
        /** @description One belief about one event of a sensor of the asset. */
        AssetChartBelief: {
            /**
             * Format: int64
             * @description Start of the event, in milliseconds since 1970 UTC.
             * @example 1795392000000
             */
            event_start: number;
            /**
             * Format: int64
             * @description Knowledge time minus recording time, in milliseconds. Positive for forecasts, zero or negative for measurements.
             * @example 0
             */
            belief_horizon: number;
            source: components["schemas"]["ChartSource"];
            /**
             * @description Probability that the event is not above the value; 0.5 for deterministic beliefs.
             * @example 0.5
             */
            cumulative_probability: number;
            /**
             * @description The value, in the unit of the sensor.
             * @example 10
             */
            event_value: number | null;
            sensor: components["schemas"]["ChartSensor"];
        };
        /** @description A sensor of the chart. */
        ChartColumnsSensor: components["schemas"]["ChartSensor"] & {
            /**
             * @description Unit of the values.
             * @example EUR/MWh
             */
            unit: string;
            /**
             * @description IANA time zone of the sensor.
             * @example Europe/Paris
             */
            timezone: string;
            /**
             * Format: int64
             * @description Length of the events, in milliseconds; 0 for instantaneous events.
             * @example 3600000
             */
            event_resolution: number;
        };
        /** @description Values of one source about one sensor. The lists have the same length, and their entries belong together. */
        ChartColumnsSeries: {
            /**
             * @description Id of the sensor.
             * @example 3
             */
            sensor: number;
            /**
             * @description Id of the source.
             * @example 1
             */
            source: number;
            /**
             * @description Probability that the events are not above their values; 0.5 for deterministic beliefs. Buckets have the medians of
             *     probabilistic beliefs.
             * @example 0.5
             */
            cumulative_probability: number;
            /**
             * Format: int64
             * @description Length of the buckets, in milliseconds; null if each value is that of one event.
             * @example null
             */
            bucket: number | null;
            /** @description Starts of the events or buckets, in milliseconds since 1970 UTC, ascending. */
            event_starts: number[];
            /** @description For events, knowledge time minus recording time, in milliseconds. */
            belief_horizons?: number[];
            /** @description With `belief_times=true`, when the values were recorded, in milliseconds since 1970 UTC. */
            belief_times?: number[];
            /** @description Values of the events, or means of the values in the buckets, in the unit of the sensor. */
            event_values: (number | null)[];
            /** @description For buckets, the smallest values in them. */
            minima?: number[];
            /** @description For buckets, the largest values in them. */
            maxima?: number[];
        };
        /** @description The data of a chart as columns, in one series per sensor, source and cumulative probability. */
        ChartColumns: {
            /** @description The sensors of the chart, also those without data. */
            sensors: components["schemas"]["ChartColumnsSensor"][];
            /** @description The sources of the series. */
            sources: components["schemas"]["ChartSource"][];
            /** @description The series, ordered by sensor. */
            series: components["schemas"]["ChartColumnsSeries"][];
        };
        /** @description An annotation of a period. */
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
             * @description The remark, in lines that are short enough for a chart.
             * @example [
             *       "Christmas Day"
             *     ]
             */
            content: string[];
            source: components["schemas"]["ChartSource"];
            /**
             * @description Type of the annotation.
             * @example holiday
             * @enum {string}
             */
            type: "alert" | "error" | "feedback" | "holiday" | "label" | "warning";
        };
        /** @description A stored remark about a period. Times are in UTC. */
        Annotation: {
            /**
             * @description Id of the annotation.
             * @example 19
             */
            id: number;
            /**
             * @description Id of the data source of the user who made the remark.
             * @example 1
             */
            source: number;
            /**
             * @description The text.
             * @example Christmas Day
             */
            content: string;
            /**
             * Format: date-time
             * @description Start of the period.
             * @example 2026-12-25T00:00:00+01:00
             */
            start: string;
            /**
             * Format: date-time
             * @description End of the period, after its start.
             * @example 2026-12-26T00:00:00+01:00
             */
            end: string;
            /**
             * @description Type of the annotation.
             * @example holiday
             * @enum {string}
             */
            type: "alert" | "error" | "feedback" | "holiday" | "label" | "warning";
            /**
             * Format: date-time
             * @description When the remark was made; null if this is not known.
             * @example null
             */
            prior: string | null;
        };
        /** @description A remark about a period. */
        AnnotationPost: {
            /**
             * @description The text. It must not be empty.
             * @example Christmas Day
             */
            content: string;
            /**
             * Format: date-time
             * @description Start of the period.
             * @example 2026-12-25T00:00:00+01:00
             */
            start: string;
            /**
             * Format: date-time
             * @description End of the period, after its start.
             * @example 2026-12-26T00:00:00+01:00
             */
            end: string;
            /**
             * @description Type of the annotation. Whole days of type `holiday` count as Sundays in forecasts.
             * @default label
             * @example holiday
             * @enum {string}
             */
            type?: "alert" | "error" | "feedback" | "holiday" | "label" | "warning";
            /**
             * Format: date-time
             * @description When the remark was made. Without it, the annotation is shown for all belief times.
             * @example 2026-11-22T12:00:00+01:00
             */
            prior?: string | null;
        };
        /** @description Changes of a remark about a period. */
        AnnotationPatch: {
            /**
             * @description The text. It must not be empty.
             * @example Christmas Day
             */
            content?: string;
            /**
             * Format: date-time
             * @description Start of the period.
             * @example 2026-12-25T00:00:00+01:00
             */
            start?: string;
            /**
             * Format: date-time
             * @description End of the period, after its start.
             * @example 2026-12-26T00:00:00+01:00
             */
            end?: string;
            /**
             * @description Type of the annotation. Whole days of type `holiday` count as Sundays in forecasts.
             * @example holiday
             * @enum {string}
             */
            type?: "alert" | "error" | "feedback" | "holiday" | "label" | "warning";
            /**
             * Format: date-time
             * @description When the remark was made; null if this is not known.
             * @example 2026-11-22T12:00:00+01:00
             */
            prior?: string | null;
        };
        /** @description What identifies a sensor. */
        SensorIdentity: {
            /**
             * @description Entity address of the sensor (USEF). It ends with the id of the sensor.
             * @example ea1.2026-12.localhost:fm1.2
             */
            entity_address: string;
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
             * @description IANA time zone for the calendar days of the sensor.
             * @example Europe/Amsterdam
             */
            timezone: string;
            /**
             * @description Unit of the stored values.
             * @example MW
             */
            unit: string;
        };
        /** @description A time series of an asset, in a list. */
        Sensor: components["schemas"]["SensorIdentity"] & {
            /**
             * @description Duration of an event of the sensor in minutes; 0 for instantaneous sensors.
             * @example 15
             */
            event_resolution: number;
        };
        /** @description A page of sensors. */
        SensorPage: {
            /** @description The sensors of the page, ordered by id. */
            data: components["schemas"]["Sensor"][];
            /**
             * @description The same without the filter.
             * @example 11
             */
            "num-records": number;
            /**
             * @description Number of sensors on all pages.
             * @example 11
             */
            "filtered-records": number;
        };
        /**
         * @description Rule for the time at which an event can be known: some time after its end, some time before its start, at one time for
         *     all events, or x days before the event at y o'clock in zone z.
         * @example ex_post
         * @enum {string}
         */
        KnowledgeHorizonFunction: "ex_post" | "ex_ante" | "at_date" | "x_days_ago_at_y_oclock";
        /**
         * @description Arguments of the rule: `ex_post_horizon` or `ex_ante_horizon` (a duration), `knowledge_time` (a datetime), or `x`
         *     (days), `y` (hour) and `z` (time zone).
         * @example {
         *       "ex_post_horizon": "PT0H"
         *     }
         */
        KnowledgeHorizonParameters: {
            /**
             * @description Time between the end of the event and its knowledge time; negative if it is known before its end.
             * @default PT0H
             * @example PT0H
             */
            ex_post_horizon?: string;
            /**
             * @description Time between the knowledge time of the event and its start; negative if it is known after its start.
             * @example PT1H
             */
            ex_ante_horizon?: string;
            /**
             * Format: date-time
             * @description Knowledge time of all events.
             * @example 2026-11-22T12:00:00+01:00
             */
            knowledge_time?: string;
            /**
             * @description Number of days before the event.
             * @example 1
             */
            x?: number;
            /**
             * @description Hour of that day.
             * @example 12
             */
            y?: number;
            /**
             * @description IANA time zone of the days and hours.
             * @example Europe/Paris
             */
            z?: string;
        };
        /** @description A sensor to create. */
        SensorPost: {
            /**
             * @description Name of the sensor, unique for its asset.
             * @example state of charge
             */
            name: string;
            /**
             * @description Unit of the stored values.
             * @example MWh
             */
            unit: string;
            /** @description Duration of an event of the sensor, in minutes or as an ISO 8601 duration; 0 for instantaneous sensors. */
            event_resolution: number | string;
            /**
             * @description Id of the asset that the sensor belongs to.
             * @example 3
             */
            generic_asset_id: number;
            /**
             * @description IANA time zone for the calendar days of the sensor.
             * @default UTC
             * @example Europe/Amsterdam
             */
            timezone?: string;
            /**
             * @description Attributes of the sensor, as the text of a JSON object. The user must be able to read the sensors that it names. The custom schedulers and forecasters that it names must exist.
             * @default {}
             * @example {}
             */
            attributes?: string;
            /** @default ex_post */
            knowledge_horizon_fnc?: components["schemas"]["KnowledgeHorizonFunction"];
            /** @default {} */
            knowledge_horizon_par?: components["schemas"]["KnowledgeHorizonParameters"];
        };
        /** @description One sensor with all its fields. */
        SensorDetails: components["schemas"]["SensorIdentity"] & {
            /**
             * Format: duration
             * @description Duration of an event of the sensor; zero for instantaneous sensors.
             * @example PT15M
             */
            event_resolution: string;
            /**
             * @description Attributes of the sensor, as the text of a JSON object.
             * @example {}
             */
            attributes: string;
            knowledge_horizon_fnc: components["schemas"]["KnowledgeHorizonFunction"];
            knowledge_horizon_par: components["schemas"]["KnowledgeHorizonParameters"];
        };
        /** @description The values of a window, from start to end. Null marks unknown values. */
        SensorData: {
            /**
             * Format: duration
             * @description Duration of the window, in hours and smaller units.
             * @example PT4H
             */
            duration: string;
            /**
             * @description Message for people.
             * @example Request has been processed.
             */
            message: string;
            /**
             * Format: duration
             * @description Duration of an event; PT0H for instantaneous sensors.
             * @example PT1H
             */
            resolution: string;
            /**
             * Format: date-time
             * @description Start of the window, with the offset of the request.
             * @example 2026-11-23T01:00:00+01:00
             */
            start: string;
            /**
             * @description Status code for programs.
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
             * @description One value per step, from the most recent belief.
             * @example [
             *       10,
             *       11,
             *       12,
             *       15
             *     ]
             */
            values: (number | null)[];
        };
        /** @description A sensor, given by its id or its entity address. */
        SensorReference: number | string;
        /**
         * @description A number, also as text.
         * @example 10
         */
        PostedValue: number | string;
        /**
         * @description A number, also as text. Null marks an unknown value, which is not stored.
         * @example 10
         */
        PostedValueOfSeries: number | string | null;
        /**
         * @description One value or a list of values.
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
         * @description Start of the first event. A start between two steps of the sensor is moved back to the step, or on to the next step if it misses that by less than a fiftieth of the resolution; the message says so.
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
         * @description Unit of the values. It must be convertible to the unit of the sensor.
         * @example EUR/MWh
         */
        PostedUnit: string;
        /**
         * Format: date-time
         * @description When all values were recorded; by default, now. If `horizon` is given as well, the earlier time applies for each event.
         * @example 2026-11-22T12:00:00+01:00
         */
        PostedPrior: string;
        /**
         * @description How long before the end of its event each value was recorded. Negative for values that were recorded after it.
         * @example -PT5M
         */
        PostedHorizon: string;
        /**
         * @description Kind of message. Events of `PostMeterDataRequest` must be in the past, events of `PostPrognosisRequest` in the future.
         *     These two kinds, and the kinds for prices and weather, also check the unit.
         * @default PostSensorDataRequest
         * @example PostSensorDataRequest
         * @enum {string}
         */
        PostedType: "PostSensorDataRequest" | "PostMeterDataRequest" | "PostPrognosisRequest" | "PostPriceDataRequest" | "PostWeatherDataRequest";
        /**
         * @description Values at equal distances, for a sensor. The distance is the duration divided by the number of values. Unless the
         *     sensor is instantaneous, the distance must be a multiple of its resolution; the values are then repeated. Either
         *     `values` or `value` is required.
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
        /** @description The answer to posted data. */
        DataReceipt: {
            /**
             * @description Message for people.
             * @example Request has been processed.
             */
            message: string;
            /**
             * @description Present only if some or all values were known already.
             * @example PROCESSED
             * @enum {string}
             */
            results?: "PROCESSED";
            /**
             * @description `PROCESSED` if all values were new. The other status if some values repeat what their source already believed, or if
             *     there was nothing to store. New values are stored in both cases.
             * @example PROCESSED
             * @enum {string}
             */
            status: "PROCESSED" | "ALREADY_RECEIVED_AND_SUCCESSFULLY_PROCESSED";
        };
        /**
         * @description The answer to data that was not saved, because its values differ from stored values of the same source and recording
         *     time.
         */
        ReplacementRejection: {
            /**
             * @description Error message for people.
             * @example Some of the data represents a replacement, which is reserved for servers in play mode. Enable play mode or update the prior in your request.
             */
            message: string;
            /**
             * @description Always the same text. Only this answer has the key in the plural.
             * @example Rejected
             * @enum {string}
             */
            results: "Rejected";
            /**
             * @description Error code for programs.
             * @example INVALID_REPLACEMENT
             * @enum {string}
             */
            status: "INVALID_REPLACEMENT";
        };
        /** @description One sensor. */
        SensorAnswer: components["schemas"]["SensorDetails"] & components["schemas"]["Ok"];
        /** @description Fields of a sensor to change. Other fields do not change. The unit and the resolution can only change while the sensor has no data, because stored data depends on them. */
        SensorPatch: {
            /**
             * @description Name of the sensor, unique for its asset.
             * @example discharging
             */
            name?: string;
            /**
             * @description Unit of the stored values. Another unit than before is an error if the sensor has data.
             * @example MW
             */
            unit?: string;
            /** @description Duration of an event of the sensor, in minutes or as an ISO 8601 duration; 0 for instantaneous sensors. Another one than before is an error if the sensor has data. */
            event_resolution?: number | string;
            /**
             * @description IANA time zone for the calendar days of the sensor.
             * @example Europe/Amsterdam
             */
            timezone?: string;
            /**
             * @description All attributes of the sensor, as the text of a JSON object. It replaces the former attributes. The user must be able to read the sensors that it newly names. The custom schedulers and forecasters that it newly names must exist.
             * @example {"is_strictly_non_negative": false}
             */
            attributes?: string;
        };
        /** @description Values at equal distances, for the sensor in the path. Either `values` or `value` is required. */
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
        /** @description A file with data of the sensor, one event per row, and options for reading it. */
        DataUpload: {
            /**
             * Format: binary
             * @description CSV, .xlsx, .xlsm, .xls or .ods. The name or the media type says whether it is a spreadsheet or CSV, and the first
             *     bytes must match: HTML or text with the name .xls is refused. Files of type .xlsb and with a password are refused as
             *     well.
             * @example Hour,Price
             *     2026-11-23T00:00:00Z,10
             *     2026-11-23T01:00:00Z,11
             */
            file: Blob;
            /**
             * @description Unit of the values; by default, the unit of the sensor.
             * @example EUR/MWh
             */
            unit?: string;
            /**
             * @description IANA time zone for datetimes without one; by default, the time zone of the sensor.
             * @example UTC
             */
            timezone?: string;
            prior?: components["schemas"]["PostedPrior"];
            horizon?: components["schemas"]["PostedHorizon"];
            /**
             * @description Column of the event starts, a name or a number from 0. Send the field several times for date and time, or for
             *     year, month, day, hour and minute, in columns of their own.
             * @default [
             *       "0"
             *     ]
             * @example [
             *       "Hour"
             *     ]
             */
            datecol?: string[];
            /**
             * @description Column of the values, as a name or a number from 0.
             * @default 1
             * @example Price
             */
            valuecol?: string;
            /**
             * @description Column of the recording times, as a name or a number from 0. Without it, `prior` and `horizon` apply.
             * @example Published
             */
            beliefcol?: string;
            /**
             * @description Number of rows to skip at the top. By default, a header is detected.
             * @example 1
             */
            skiprows?: number;
            /**
             * @description Rows to read after those; by default all.
             * @example 96
             */
            nrows?: number;
            /**
             * @description Text or number for a missing value. Send the field several times for several texts.
             * @example [
             *       "-999"
             *     ]
             */
            na_values?: string[];
            /**
             * @description Whether the usual texts for missing values (NA, null, n/e, - and others) count. They do, unless `na_values` is sent.
             * @example true
             */
            keep_default_na?: boolean;
            /**
             * @description Whether 01/02/2024 is the first of February. By default a day above 12 in the file must show it first.
             * @example true
             */
            day_first?: boolean;
            /**
             * @description The only format of datetimes, with the codes of strftime (`%Y %y %m %b %B %d %H %I %p %M %S %f %z`). By default
             *     usual formats are recognised.
             * @example %d.%m.%Y %H:%M
             */
            date_format?: string;
            /**
             * @description Whether the datetimes are the start or the end of the events.
             * @default start
             * @example end
             * @enum {string}
             */
            stamps?: "start" | "end";
            /**
             * @description Whether rows are readings at irregular times. Each holds until the next row, and events become their time-weighted
             *     means.
             * @default false
             * @example false
             */
            time_weighted?: boolean;
            /**
             * @description What energy (and any other amount) of an event of the sensor is if the file has only a part of it: unknown, or scaled up
             *     from that part.
             * @default unknown
             * @example scale
             * @enum {string}
             */
            partial?: "unknown" | "scale";
            /**
             * @description What to keep of several values about one event. By default a file is refused if they differ; repeated rows with an
             *     equal value are left out.
             * @example last
             * @enum {string}
             */
            keep?: "first" | "last" | "mean" | "sum";
            /**
             * @description Whether rows that cannot be read are skipped and counted. By default they refuse the file.
             * @default false
             * @example false
             */
            skip_bad_rows?: boolean;
            /**
             * @description Column to filter rows by, a name or a number from 0. Send the field several times for several filters.
             * @example [
             *       "Register"
             *     ]
             */
            filter_column?: string[];
            /**
             * @description What the filter column must hold. As many as `filter_column`.
             * @example [
             *       "Export"
             *     ]
             */
            filter_value?: string[];
            /**
             * @description Separator of the columns of CSV.
             * @default ,
             * @example ;
             */
            delimiter?: string;
            /**
             * @description Decimal separator of numbers in CSV.
             * @default .
             * @example ,
             */
            decimal?: string;
            /**
             * @description Thousands separator of numbers in CSV.
             * @example .
             */
            thousands?: string;
            /**
             * @description Number of the sheet of a spreadsheet, from 0.
             * @default 0
             * @example 0
             */
            sheet_number?: number;
        };
        /** @description Which data of a sensor to delete. Without fields, all of it. */
        DataDeletion: {
            /**
             * Format: date-time
             * @description Only data about events that start at this time or later.
             * @example 2026-11-23T00:00:00+01:00
             */
            start?: string;
            /**
             * Format: date-time
             * @description Only data about events that end at this time or earlier.
             * @example 2026-11-24T00:00:00+01:00
             */
            until?: string;
            /**
             * @description Id of a data source. Only its data is deleted.
             * @example 1
             */
            source?: number;
        };
        /** @description Files with data of the sensor, one event per row, and options for reading them. */
        DataFilesUpload: {
            /** @description The files. Either all are stored or none. */
            "uploaded-files": Blob[];
            /**
             * @description Whether each value was known as soon as its event was over, instead of now. It replaces `prior` and `horizon`.
             * @default false
             * @example true
             */
            "belief-time-measured-instantly"?: boolean;
            /**
             * @description Unit of the values; by default, the unit of the sensor.
             * @example EUR/MWh
             */
            unit?: string;
            /**
             * @description IANA time zone for datetimes without one; by default, the time zone of the sensor.
             * @example UTC
             */
            timezone?: string;
            prior?: components["schemas"]["PostedPrior"];
            horizon?: components["schemas"]["PostedHorizon"];
            /**
             * @description Column of the event starts, a name or a number from 0. Send the field several times for date and time, or for
             *     year, month, day, hour and minute, in columns of their own.
             * @default [
             *       "0"
             *     ]
             * @example [
             *       "Hour"
             *     ]
             */
            datecol?: string[];
            /**
             * @description Column of the values, as a name or a number from 0.
             * @default 1
             * @example Price
             */
            valuecol?: string;
            /**
             * @description Column of the recording times, as a name or a number from 0. Without it, `prior` and `horizon` apply.
             * @example Published
             */
            beliefcol?: string;
            /**
             * @description Number of rows to skip at the top. By default, a header is detected.
             * @example 1
             */
            skiprows?: number;
            /**
             * @description Rows to read after those; by default all.
             * @example 96
             */
            nrows?: number;
            /**
             * @description Text or number for a missing value. Send the field several times for several texts.
             * @example [
             *       "-999"
             *     ]
             */
            na_values?: string[];
            /**
             * @description Whether the usual texts for missing values (NA, null, n/e, - and others) count. They do, unless `na_values` is sent.
             * @example true
             */
            keep_default_na?: boolean;
            /**
             * @description Whether 01/02/2024 is the first of February. By default a day above 12 in the file must show it first.
             * @example true
             */
            day_first?: boolean;
            /**
             * @description The only format of datetimes, with the codes of strftime (`%Y %y %m %b %B %d %H %I %p %M %S %f %z`). By default
             *     usual formats are recognised.
             * @example %d.%m.%Y %H:%M
             */
            date_format?: string;
            /**
             * @description Whether the datetimes are the start or the end of the events.
             * @default start
             * @example end
             * @enum {string}
             */
            stamps?: "start" | "end";
            /**
             * @description Whether rows are readings at irregular times. Each holds until the next row, and events become their time-weighted
             *     means.
             * @default false
             * @example false
             */
            time_weighted?: boolean;
            /**
             * @description What energy (and any other amount) of an event of the sensor is if the file has only a part of it: unknown, or scaled up
             *     from that part.
             * @default unknown
             * @example scale
             * @enum {string}
             */
            partial?: "unknown" | "scale";
            /**
             * @description What to keep of several values about one event. By default a file is refused if they differ; repeated rows with an
             *     equal value are left out.
             * @example last
             * @enum {string}
             */
            keep?: "first" | "last" | "mean" | "sum";
            /**
             * @description Whether rows that cannot be read are skipped and counted. By default they refuse the file.
             * @default false
             * @example false
             */
            skip_bad_rows?: boolean;
            /**
             * @description Column to filter rows by, a name or a number from 0. Send the field several times for several filters.
             * @example [
             *       "Register"
             *     ]
             */
            filter_column?: string[];
            /**
             * @description What the filter column must hold. As many as `filter_column`.
             * @example [
             *       "Export"
             *     ]
             */
            filter_value?: string[];
            /**
             * @description Separator of the columns of CSV.
             * @default ,
             * @example ;
             */
            delimiter?: string;
            /**
             * @description Decimal separator of numbers in CSV.
             * @default .
             * @example ,
             */
            decimal?: string;
            /**
             * @description Thousands separator of numbers in CSV.
             * @example .
             */
            thousands?: string;
            /**
             * @description Number of the sheet of a spreadsheet, from 0.
             * @default 0
             * @example 0
             */
            sheet_number?: number;
        };
        /** @description A source of beliefs. */
        DataSource: {
            /**
             * @description Id of the source.
             * @example 1
             */
            id: number;
            /**
             * @description Name of the user or script.
             * @example toy-user
             */
            name: string;
            /**
             * @description Type of the source, such as user, forecasting script or scheduling script.
             * @example user
             */
            type: string;
            /**
             * @description Model of the script.
             * @example null
             */
            model: string | null;
            /**
             * @description Version of the model.
             * @example null
             */
            version: string | null;
        };
        /** @description Key figures of the beliefs of one source. */
        SourceStats: {
            source: components["schemas"]["DataSource"];
            /**
             * @description Number of events with a value.
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
             * @description Latest recording time of the source.
             * @example 2026-11-22T12:00:00+01:00
             */
            last_belief_time: string;
            /**
             * @description Lowest value.
             * @example 4
             */
            min: number;
            /**
             * @description Highest value.
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
        /**
         * @description Key figures of the data of a sensor, by data source. Beside the fields below, there is one field per source for clients of
         *     FlexMeasures, such as `toy-user (ID: 1)`. It has the figures by the names `First event start`, `Last event end`,
         *     `Last recorded`, `Min value`, `Max value`, `Mean value`, `Sum over values` and `Number of values`.
         */
        SensorStats: components["schemas"]["Ok"] & ({
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
            /** @description One entry per source with data. The most recent belief about each event is used. */
            sources: components["schemas"]["SourceStats"][];
        } & {
            [key: string]: unknown;
        });
        /** @description Whether the data of a sensor is as recent as expected, for one type of data source. */
        SensorStatus: {
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
             * @description Name of its asset.
             * @example toy-battery
             */
            asset_name: string;
            /**
             * Format: duration
             * @description Duration of an event of the sensor.
             * @example PT15M
             */
            resolution: string;
            /**
             * @description Type of the sources; null if there is no data.
             * @example user
             */
            source_type: string | null;
            /**
             * @description Whether newer data is expected.
             * @example true
             */
            stale: boolean;
            /**
             * Format: duration
             * @description Age of the data since `staleness_since`. Of data about the future, how far it reaches into the future; null if it does not.
             * @example PT2H
             */
            staleness: string | null;
            /**
             * Format: date-time
             * @description Knowledge time of the latest event. Of data about the future, the start of the latest event.
             * @example 2026-11-23T10:15:00+01:00
             */
            staleness_since: string | null;
            /**
             * @description Why the data is stale or not.
             * @example The latest value is about 2026-11-23T10:00:00+01:00. The next one was expected by 2026-11-23T10:47:00+01:00.
             */
            reason: string;
            /**
             * @description How the sensor relates to the asset.
             * @example sensor belongs to this asset
             */
            relation: string;
        };
        /** @description Whether the data of a sensor is as recent as expected, by type of data source. */
        SensorStatusAnswer: components["schemas"]["Ok"] & {
            /** @description One entry per type of source with data; one without a type if there is no data. */
            sensors_data: components["schemas"]["SensorStatus"][];
        };
        /** @description Errors of forecasts; null if they cannot be computed. */
        Accuracy: {
            /**
             * @description Number of events that were compared.
             * @example 1440
             */
            count: number;
            /**
             * @description Mean absolute error.
             * @example 0.012
             */
            mae: number | null;
            /**
             * @description Root mean squared error.
             * @example 0.019
             */
            rmse: number | null;
            /**
             * @description Sum of absolute errors divided by the sum of absolute values.
             * @example 0.06
             */
            wape: number | null;
            /**
             * @description 1 minus wape.
             * @example 0.94
             */
            accuracy: number | null;
        };
        /** @description Errors of a naive forecast of the same events. */
        BaselineAccuracy: components["schemas"]["Accuracy"] & {
            /**
             * @description Method of the naive forecast.
             * @example last-value
             * @enum {string}
             */
            method: "last-value" | "same-time-yesterday" | "same-time-last-week";
        };
        /** @description Accuracy of the forecasts of one source for one horizon. */
        ForecastAccuracy: components["schemas"]["Accuracy"] & {
            source: components["schemas"]["DataSource"];
            /**
             * Format: duration
             * @description Minimum time between the forecast and the end of its event.
             * @example PT6H
             */
            horizon: string;
            /**
             * @description Share of values between the 10 and 90 % quantiles, ideally 0.8. Null for a source without quantiles.
             * @example 0.79
             */
            coverage: number | null;
            /** @description The same figures for naive forecasts. */
            baselines: components["schemas"]["BaselineAccuracy"][];
        };
        /** @description Accuracy of the forecasts of a sensor, by horizon and source. */
        SensorAccuracy: components["schemas"]["Ok"] & {
            /**
             * @description Id of the sensor.
             * @example 2
             */
            sensor: number;
            /**
             * @description Unit of the sensor and of absolute errors.
             * @example MW
             */
            unit: string;
            /**
             * Format: date-time
             * @description Start of the window.
             * @example 2026-09-24T00:00:00+02:00
             */
            event_starts_after: string;
            /**
             * Format: date-time
             * @description End of the window.
             * @example 2026-11-23T00:00:00+01:00
             */
            event_ends_before: string;
            /** @description One entry per horizon and source. */
            forecasts: components["schemas"]["ForecastAccuracy"][];
        };
        /** @description A sensor by id, or a sensor with the sources whose data is used. */
        Regressor: number | {
            /**
             * @description Id of the sensor.
             * @example 12
             */
            sensor: number;
            /** @description Ids of the only sources to use. */
            sources?: number[];
            /** @description Types of the only sources to use. */
            "source-types"?: string[];
            /** @description Types of sources that are not used. */
            "exclude-source-types"?: string[];
            /** @description Ids of the accounts whose users are the only sources to use. */
            "source-account"?: number[];
        };
        /** @description Annotations of one type of exactly one account, asset or sensor. */
        AnnotationRegressorPost: {
            /**
             * @description Id of the account.
             * @example 1
             */
            account?: number;
            /**
             * @description Id of the asset.
             * @example 3
             */
            asset?: number;
            /**
             * @description Id of the sensor.
             * @example 2
             */
            sensor?: number;
            /**
             * @description Type of the annotations.
             * @default holiday
             * @example holiday
             * @enum {string}
             */
            "annotation-type"?: "alert" | "error" | "feedback" | "holiday" | "label" | "warning";
            /**
             * @description A name for people; it has no effect.
             * @example public holidays
             */
            name?: string;
        };
        /** @description How forecasts are made. There can be eight regressors in all. */
        ForecastConfigPost: {
            /**
             * @description `naive` forecasts without a model, from the same time of the latest known day. The others stand for the linear model of this server; `CustomLGBM` is the name that clients of FlexMeasures send.
             * @default CustomLGBM
             * @example linear-OLS
             * @enum {string}
             */
            model?: "CustomLGBM" | "linear-OLS" | "naive";
            /** @description Sensors whose realized values before the viewpoint are used, not their forecasts. */
            "past-regressors"?: components["schemas"]["Regressor"][];
            /** @description Sensors whose forecasts are used, as they were known at the viewpoint. */
            "future-regressors"?: components["schemas"]["Regressor"][];
            /** @description Sensors whose realized values and forecasts are both used. */
            regressors?: components["schemas"]["Regressor"][];
            /** @description Annotations that are used as inputs, 1 for events that start in an annotated period and 0 for others. */
            "annotation-regressors"?: components["schemas"]["AnnotationRegressorPost"][];
            /**
             * Format: date-time
             * @description Start of the training data, instead of `train-period`.
             * @example 2026-09-01T00:00:00+02:00
             */
            "train-start"?: string | null;
            /**
             * Format: duration
             * @description Length of the training data before `start`; 90 days by default, at least two days. Lags of the model also read up to 24 days before.
             * @example P60D
             */
            "train-period"?: string | null;
            /**
             * Format: duration
             * @description Largest length of the training data; at most 366 days.
             * @example P365D
             */
            "max-training-period"?: string | null;
            /**
             * Format: duration
             * @description Age at which a model is fitted again for later viewpoints; one day by default, at least one hour.
             * @example P1D
             */
            "retrain-frequency"?: string | null;
            /**
             * @description Largest share of the training data of the sensor that may be missing. If more is missing, the job fails. No limit by default.
             * @example 0.1
             */
            "missing-threshold"?: number;
            /**
             * @description The same as a `lower` of 0, if true.
             * @example true
             */
            "ensure-positive"?: boolean | null;
            /** @description Lower bound of the forecasts, in the unit of the sensor or with a unit. Applied after `snap`. */
            lower?: number | string | null;
            /** @description Upper bound of the forecasts, in the unit of the sensor or with a unit. Applied after `snap`. */
            upper?: number | string | null;
            /**
             * @description Intervals by a value within them, which replaces forecasts in the interval. The first bound is inclusive, the second one exclusive; the larger one may be the first.
             * @example {
             *       "0 kW": [
             *         "0 kW",
             *         "4 kW"
             *       ]
             *     }
             */
            snap?: {
                [key: string]: (number | string)[];
            };
        };
        /** @description Which events of a sensor to forecast, and how. At most two of `start`, `end` and `duration` can be sent. */
        ForecastPost: {
            /**
             * Format: date-time
             * @description Start of the first event; now by default.
             * @example 2026-11-23T00:00:00+01:00
             */
            start?: string | null;
            /**
             * Format: date-time
             * @description End of the window.
             * @example 2026-11-24T00:00:00+01:00
             */
            end?: string | null;
            /**
             * Format: duration
             * @description Length of the window; the planning horizon of the server by default, which is 48 hours unless it is configured.
             * @example P1D
             */
            duration?: string | null;
            /**
             * Format: date-time
             * @description Only data that was recorded until this time is used; until now by default. It is the belief time of the forecasts of the first viewpoint.
             * @example 2026-11-22T12:00:00+01:00
             */
            prior?: string | null;
            /**
             * Format: duration
             * @description How far each viewpoint looks ahead; the length of the window by default. At most 31 days.
             * @example P1D
             */
            "max-forecast-horizon"?: string | null;
            /**
             * Format: duration
             * @description Time from one viewpoint to the next one; one viewpoint by default.
             * @example PT6H
             */
            "forecast-frequency"?: string | null;
            /**
             * @description Whether prediction intervals are stored, too; true by default. (In FlexMeasures, the default is false.)
             * @example true
             */
            probabilistic?: boolean;
            /**
             * @description Accepted for clients of FlexMeasures.
             * @default TrainPredictPipeline
             * @example TrainPredictPipeline
             * @enum {string}
             */
            model?: "TrainPredictPipeline";
            config?: components["schemas"]["ForecastConfigPost"];
        };
        /** @description A job that was queued. */
        ForecastReceipt: {
            /**
             * @description Always the same text.
             * @example ACCEPTED
             * @enum {string}
             */
            status: "ACCEPTED";
            /**
             * @description Says if the request was changed.
             * @example Request has been accepted for processing.
             */
            message: string;
            /**
             * Format: uuid
             * @description UUID of the job.
             * @example 364bfd06-c1fa-430b-8d25-8f5a547651fb
             */
            job: string;
            /**
             * Format: uuid
             * @description The same UUID.
             * @example 364bfd06-c1fa-430b-8d25-8f5a547651fb
             */
            forecast: string;
            /**
             * @description Path of the state of the job.
             * @example /api/v3_0/jobs/364bfd06-c1fa-430b-8d25-8f5a547651fb
             */
            "job-url": string;
            /**
             * @description Path of the forecasts.
             * @example /api/v3_0/sensors/2/forecasts/364bfd06-c1fa-430b-8d25-8f5a547651fb
             */
            "results-url": string;
        };
        /** @description Forecasts of consecutive events. */
        RequestedForecastAnswer: {
            /**
             * @description Always the same text.
             * @example PROCESSED
             * @enum {string}
             */
            status: "PROCESSED";
            /**
             * @description Always the same text.
             * @example Request has been processed.
             */
            message: string;
            /**
             * Format: date-time
             * @description Start of the first event, in the time zone of the sensor.
             * @example 2026-11-23T00:00:00+01:00
             */
            start: string;
            /**
             * Format: duration
             * @description Length of all events.
             * @example PT1H
             */
            duration: string;
            /**
             * @description One value per event; null if there is no forecast.
             * @example [
             *       1.2,
             *       1.5,
             *       null,
             *       0.8
             *     ]
             */
            values: (number | null)[];
            /**
             * @description Unit of the sensor.
             * @example kW
             */
            unit: string;
        };
        /** @description The state of a job that has not ended. */
        ForecastInProgress: {
            /**
             * @description State of the job.
             * @example STARTED
             * @enum {string}
             */
            status: "QUEUED" | "STARTED";
            /**
             * @description The state, for people.
             * @example Forecasting job in progress.
             */
            message: string;
        };
        /**
         * @description An amount of energy: a number in `soc-unit` (also as text), a text with a unit ("225 kWh"), or a percentage of the
         *     attribute `max_soc_in_mwh` ("50%").
         */
        Quantity: number | string;
        /** @description A state of charge during an interval, given by two of start, end and duration, or at an instant. */
        TimedSoc: {
            value: components["schemas"]["Quantity"];
            /**
             * Format: date-time
             * @description The instant. If it is between two steps, it is moved to the end of the step; for targets, the answer says so. Targets
             *     must be after the start and within the longest schedule.
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
             * @description When the interval ends. The end is part of the interval.
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
         * @description Ids.
         * @example [
         *       4,
         *       5
         *     ]
         */
        SourceIds: number[];
        /**
         * @description Types of data sources.
         * @example [
         *       "forecasting script"
         *     ]
         */
        SourceTypes: string[];
        /** @description A number, also as text, or a text with a unit. */
        SignedQuantity: number | string;
        /**
         * @description The values of a sensor: of all sources, or of those that pass all given filters. Where the sensor has no data, `default`
         *     holds, or else what the description of the field says.
         */
        SensorQuantity: {
            /** @description The sensor. */
            sensor: components["schemas"]["SensorReference"];
            /**
             * @description Id of the only data source that counts, or a list of ids.
             * @example 4
             */
            source?: number | components["schemas"]["SourceIds"];
            /** @description As `source`. */
            sources?: components["schemas"]["SourceIds"];
            /** @description Types of the data sources that count. */
            "source-types"?: components["schemas"]["SourceTypes"];
            /** @description Types of data sources that do not count. */
            "exclude-source-types"?: components["schemas"]["SourceTypes"];
            /**
             * @description Id of the account, or a list of ids, whose users posted the data that counts.
             * @example 1
             */
            "source-account"?: number | components["schemas"]["SourceIds"];
            /** @description The value where the sensor has no data. */
            default?: components["schemas"]["SignedQuantity"];
        };
        /** @description States of charge over time, as a constant, as a list for intervals or instants, or as a sensor. */
        SocSeries: number | string | components["schemas"]["TimedSoc"][] | components["schemas"]["SensorQuantity"];
        /** @description A state of charge to reach at an instant. */
        SocTarget: {
            value: components["schemas"]["Quantity"];
            /**
             * Format: date-time
             * @description When the value must be reached; after the start and within the longest schedule. If it is between two steps, it is
             *     moved to the end of the step, and the answer says so.
             * @example 2026-11-23T16:00:00+01:00
             */
            datetime: string;
        };
        /** @description A quantity during an interval, given by two of start, end and duration, or at an instant. */
        TimedQuantity: {
            value: components["schemas"]["SignedQuantity"];
            /**
             * Format: date-time
             * @description The instant.
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
        /** @description A power that may change over time, or a list of such powers, which are added. */
        Flows: string | components["schemas"]["SensorQuantity"] | (string | components["schemas"]["SensorQuantity"] | components["schemas"]["TimedQuantity"] | components["schemas"]["TimedQuantity"][])[];
        /** @description A share above 0 and up to 1, as a number, a text or a percentage. */
        Efficiency: number | string;
        /** @description A quantity that may change over time, as a fixed value, a list of values for intervals, or a sensor. */
        VariableQuantity: number | string | components["schemas"]["SensorQuantity"] | components["schemas"]["TimedQuantity"][];
        /** @description A sensor to which schedules are recorded. The user who requests the schedule must be able to post data to it. */
        OutputSensor: {
            /** @description The sensor. */
            sensor: components["schemas"]["SensorReference"];
        };
        /** @description An interval, given by two of start, end and duration. */
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
        /** @description A shared inverter or feeder that has a flex-model of its own, by its asset or by its power sensor. */
        GroupReference: {
            /**
             * @description The asset of the group.
             * @example 7
             */
            asset?: number;
            /** @description The power sensor of the group. Its planned power is stored as data of this sensor. */
            sensor?: components["schemas"]["SensorReference"];
        };
        /**
         * @description The lowest and the highest power, not below 0.
         * @example [
         *       "2 kW",
         *       "4 kW"
         *     ]
         */
        PowerRange: components["schemas"]["SignedQuantity"][];
        /** @description A range of power in which a device can run. With both ranges, each must start at 0. */
        OperationMode: {
            "consumption-range"?: components["schemas"]["PowerRange"];
            "production-range"?: components["schemas"]["PowerRange"];
        };
        /**
         * @description State and limits of the device. Fields that are not sent are taken from attributes of the sensor, its asset or a parent
         *     asset. Fields that begin with `soc-` and efficiencies describe a storage (battery, charge point, heat buffer).
         *     `process-type` and the fields after it describe a process. A device without these fields that has a
         *     `production-capacity` is curtailable production. The built-in scheduler refuses other fields. Custom schedulers may use
         *     them: see `CustomSchedulePost`.
         */
        FlexModel: {
            /**
             * @description State of charge at the start of the schedule, if there is no `soc-at-start`: the latest known one. The planned states of charge are recorded to the sensor, which is instantaneous, in a unit of energy or in %, then of `soc-max`. Devices that name the same sensor change the same storage: a heat buffer with two heaters, for example. Fields of the storage are in one of their entries, or in an entry without a power sensor.
             * @example {
             *       "sensor": 8
             *     }
             */
            "state-of-charge"?: components["schemas"]["SocSeries"];
            /**
             * @description State of charge at the start of the schedule. By default `state-of-charge`, else attribute `soc_in_mwh` if attribute `soc_datetime` is the start, else 0.
             * @example 225 kWh
             */
            "soc-at-start"?: components["schemas"]["Quantity"];
            /**
             * @description Unit of states of charge that are given without a unit. By default kWh for sensors in kW, else MWh.
             * @example MWh
             * @enum {string}
             */
            "soc-unit"?: "kWh" | "MWh";
            /**
             * @description Minimum state of charge at the end of each step. By default attribute `min_soc_in_mwh`, else 0.
             * @example 10%
             */
            "soc-min"?: components["schemas"]["Quantity"];
            /**
             * @description Maximum state of charge at the end of each step. By default attribute `max_soc_in_mwh`, else the highest target.
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
             * @description Minimum states of charge at instants or during intervals, in addition to `soc-min`.
             * @example [
             *       {
             *         "value": "100 kWh",
             *         "datetime": "2026-11-23T16:00:00+01:00"
             *       }
             *     ]
             */
            "soc-minima"?: components["schemas"]["SocSeries"];
            /**
             * @description Maximum states of charge at instants or during intervals, in addition to `soc-max`.
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
             * @description Power that leaves the storage without passing the meter, for example heat that is used. The powers of a list are added.
             * @example [
             *       "3 kW",
             *       {
             *         "sensor": 5
             *       }
             *     ]
             */
            "soc-usage"?: components["schemas"]["Flows"];
            /**
             * @description Power that enters the storage without passing the meter, for example solar heat. The powers of a list are added.
             * @example [
             *       "3 kW",
             *       {
             *         "sensor": 5
             *       }
             *     ]
             */
            "soc-gain"?: components["schemas"]["Flows"];
            /**
             * @description Share of the charged energy that can be discharged. Charging and discharging each have the square root of it as efficiency. By default 1.
             * @example 90%
             */
            "roundtrip-efficiency"?: components["schemas"]["Efficiency"];
            /**
             * @description Energy that enters the storage per energy at the meter, in addition to `roundtrip-efficiency`. It is above 1 for heat pumps. By default 1.
             * @example 300%
             */
            "charging-efficiency"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Energy at the meter per energy that leaves the storage, in addition to `roundtrip-efficiency`. By default 1.
             * @example 95%
             */
            "discharging-efficiency"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Share of the stored energy that remains after one step. By default 1.
             * @example 99.9%
             */
            "storage-efficiency"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Maximum power in both directions. It is a hard limit. By default attribute `capacity_in_mw`.
             * @example 50 kW
             */
            "power-capacity"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Maximum consumption; `%` is relative to `power-capacity`. By default `power-capacity`.
             * @example 80%
             */
            "consumption-capacity"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Maximum production; `%` is relative to `power-capacity`. For curtailable production: the power that is available. By default `power-capacity`.
             * @example {
             *       "sensor": 5
             *     }
             */
            "production-capacity"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Sensor that records the planned power, consumption positive. With `production` as well: consumption only, 0 where the device produces.
             * @example {
             *       "sensor": 14
             *     }
             */
            consumption?: components["schemas"]["OutputSensor"];
            /**
             * @description Sensor that records the planned power, production positive. With `consumption` as well: production only, 0 where the device consumes.
             * @example {
             *       "sensor": 15
             *     }
             */
            production?: components["schemas"]["OutputSensor"];
            /**
             * @description Whether to curtail production later if the cost is the same; if false, earlier. A storage charges sooner, which curtails later, by `prefer-charging-sooner`.
             * @default true
             * @example true
             */
            "prefer-curtailing-later"?: boolean;
            /**
             * @description Whether to charge earlier and discharge later if the cost is the same.
             * @default true
             * @example true
             */
            "prefer-charging-sooner"?: boolean;
            /**
             * @description Makes the device a process. It runs as early as possible (INFLEXIBLE), at the cheapest time without breaks (SHIFTABLE), or at the cheapest times with breaks (BREAKABLE).
             * @example SHIFTABLE
             * @enum {string}
             */
            "process-type"?: "INFLEXIBLE" | "SHIFTABLE" | "BREAKABLE";
            /**
             * @description Power of the process while it runs.
             * @example 2 kW
             */
            power?: components["schemas"]["SignedQuantity"];
            /**
             * Format: duration
             * @description How long the process runs. If this is not a whole number of steps, the remainder is a step with a share of the power.
             * @example PT2H
             */
            duration?: string;
            /**
             * @description Intervals in which the process must not run.
             * @example [
             *       {
             *         "start": "2026-11-23T16:00:00+01:00",
             *         "duration": "PT2H"
             *       }
             *     ]
             */
            "time-restrictions"?: components["schemas"]["Interval"][];
            /**
             * @description Shared inverter or feeder that the device is behind: an asset or a power sensor that has an entry of its own. In that entry, `power-capacity` is a hard limit of the total power, `consumption-capacity` and `production-capacity` give way like the capacities of the site. Groups can be in other groups.
             * @example {
             *       "asset": 7
             *     }
             */
            group?: components["schemas"]["GroupReference"];
            /**
             * @description Ranges of power in which the device can run, each with a `consumption-range`, a `production-range`, or both (from 0). The device can be off only if a range contains 0. By default any power.
             * @example [
             *       {
             *         "consumption-range": [
             *           "0 kW",
             *           "0 kW"
             *         ]
             *       },
             *       {
             *         "consumption-range": [
             *           "2 kW",
             *           "4 kW"
             *         ]
             *       }
             *     ]
             */
            "operation-modes"?: components["schemas"]["OperationMode"][];
            /**
             * @description What the device consumes and produces. A commodity that `commodities` does not have, or has without prices and capacities, is an internal node: its devices must balance in each step. By default `electricity`.
             * @example gas
             */
            commodity?: string;
            /**
             * @description Name of the converter that the device is a port of. The powers of all ports have a fixed ratio. A port has either a `consumption-capacity` or a `production-capacity`, which tells its direction.
             * @example chp
             */
            coupling?: string;
            /**
             * @description Power of the port per common level of its converter: 0.5 for heat if half of the gas becomes heat. By default 1.
             * @example 0.5
             */
            "coupling-coefficient"?: components["schemas"]["SignedQuantity"];
            /**
             * @description Makes the device a measured one: its power is what the sensor records or what is forecast for it, consumption positive.
             * @example {
             *       "sensor": 4
             *     }
             */
            "inflexible-consumption"?: components["schemas"]["SensorQuantity"];
            /**
             * @description As `inflexible-consumption`, production positive.
             * @example {
             *       "sensor": 4
             *     }
             */
            "inflexible-production"?: components["schemas"]["SensorQuantity"];
        };
        /**
         * @description A price of energy with its unit that may change over time, as a fixed value, a list of values for intervals, or a
         *     sensor. All prices of a request must have the same currency.
         */
        Price: string | components["schemas"]["SensorQuantity"] | components["schemas"]["TimedQuantity"][];
        /** @description A sensor by its id or entity address, or as a reference. */
        SensorInList: number | string | {
            /** @description The sensor. */
            sensor: components["schemas"]["SensorReference"];
        };
        /** @description A baseline of power from which deviations have a price, for the site or for some devices. See docs/flexibility.md. */
        Commitment: {
            /**
             * @description Name of the commitment in the costs.
             * @example day-ahead position
             */
            name: string;
            /**
             * @description The power without deviation, consumption positive.
             * @example 100 kW
             */
            baseline: components["schemas"]["VariableQuantity"];
            /**
             * @description Price of more power than the baseline, per energy, or per power in each step.
             * @example 0.4 EUR/kWh
             */
            "up-price"?: components["schemas"]["Price"];
            /**
             * @description What less power than the baseline earns; it costs money if negative.
             * @example -0.1 EUR/kWh
             */
            "down-price"?: components["schemas"]["Price"];
            /**
             * @description Power sensors of the devices whose total power counts.
             * @example [
             *       2
             *     ]
             */
            sensors?: components["schemas"]["SensorReference"][];
            /** @description The group whose total power counts. */
            group?: components["schemas"]["GroupReference"];
            /**
             * @description The commodity, for a commitment about all of its devices outside of `commodities`.
             * @example electricity
             */
            commodity?: string;
        };
        /** @description Prices and limits of one commodity. See `FlexContext` for the fields. */
        CommodityContext: {
            /**
             * @description Price of the energy that the site consumes. Replaces `consumption-price-sensor`.
             * @example {
             *       "sensor": 3
             *     }
             */
            "consumption-price"?: components["schemas"]["Price"];
            /**
             * @description Price of the energy that the site produces. Replaces `production-price-sensor`. By default the consumption price.
             * @example 0.05 EUR/kWh
             */
            "production-price"?: components["schemas"]["Price"];
            /**
             * @description Sensor with the price of the energy that the site consumes. By default attribute `market_id`.
             * @example 3
             */
            "consumption-price-sensor"?: components["schemas"]["SensorReference"];
            /**
             * @description Sensor with the price of the energy that the site produces. By default the consumption price.
             * @example 3
             */
            "production-price-sensor"?: components["schemas"]["SensorReference"];
            /**
             * @description Power sensors of devices that are not scheduled, each once. Unknown values count as 0.
             * @example [
             *       4
             *     ]
             */
            "inflexible-device-sensors"?: components["schemas"]["SensorInList"][];
            /**
             * @description Maximum power of the grid connection in both directions. It is a hard limit. By default attribute `capacity_in_mw`.
             * @example 45 kW
             */
            "site-power-capacity"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Maximum consumption of the site; `%` is relative to `site-power-capacity`. By default `site-power-capacity`.
             * @example 45 kW
             */
            "site-consumption-capacity"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Maximum production of the site; `%` is relative to `site-power-capacity`. By default `site-power-capacity`.
             * @example 0 kW
             */
            "site-production-capacity"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Price of exceeding `site-consumption-capacity`. By default 10,000 per kW if site capacities are relaxed; else the limit is hard.
             * @example 1000 EUR/MW
             */
            "site-consumption-breach-price"?: components["schemas"]["Price"];
            /**
             * @description Price of exceeding `site-production-capacity`. By default 10,000 per kW if site capacities are relaxed; else the limit is hard.
             * @example 1000 EUR/MW
             */
            "site-production-breach-price"?: components["schemas"]["Price"];
            /**
             * @description Highest consumption before the schedule. Only consumption above it has the peak price. By default 0.
             * @example {
             *       "sensor": 7
             *     }
             */
            "site-peak-consumption"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Highest production before the schedule. Only production above it has the peak price. By default 0.
             * @example {
             *       "sensor": 7
             *     }
             */
            "site-peak-production"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Price of the amount by which the highest consumption during the schedule exceeds `site-peak-consumption`.
             * @example 260 EUR/MW
             */
            "site-peak-consumption-price"?: components["schemas"]["Price"];
            /**
             * @description Price of the amount by which the highest production during the schedule exceeds `site-peak-production`.
             * @example 260 EUR/MW
             */
            "site-peak-production-price"?: components["schemas"]["Price"];
            /**
             * @description Price of exceeding `consumption-capacity` of a device, up to its `power-capacity`. A capacity that is 0 throughout is hard. By default 100 per kW if device capacities are relaxed and neither direction has a price; else the limit is hard.
             * @example 10 EUR/kW
             */
            "consumption-breach-price"?: components["schemas"]["Price"];
            /**
             * @description Price of exceeding `production-capacity` of a device, up to its `power-capacity`. A capacity that is 0 throughout is hard. By default 100 per kW if device capacities are relaxed and neither direction has a price; else the limit is hard.
             * @example 10 EUR/kW
             */
            "production-breach-price"?: components["schemas"]["Price"];
            /**
             * @description Price of falling below `soc-minima`. By default 1,000 per kWh if states of charge are relaxed; else the limit is hard.
             * @example 5 EUR/kWh
             */
            "soc-minima-breach-price"?: components["schemas"]["Price"];
            /**
             * @description Price of rising above `soc-maxima`. By default 1,000 per kWh if states of charge are relaxed; else the limit is hard.
             * @example 5 EUR/kWh
             */
            "soc-maxima-breach-price"?: components["schemas"]["Price"];
            /**
             * @description Sensor that records the planned power of the site, consumption positive. With `aggregate-production` as well: consumption only.
             * @example {
             *       "sensor": 10
             *     }
             */
            "aggregate-consumption"?: components["schemas"]["OutputSensor"];
            /**
             * @description Sensor that records the planned power of the site, production positive. With `aggregate-consumption` as well: production only.
             * @example {
             *       "sensor": 11
             *     }
             */
            "aggregate-production"?: components["schemas"]["OutputSensor"];
            /**
             * @description Sensor that records the planned power of the site, with the sign of its other data (attribute `consumption_is_positive`).
             * @example {
             *       "sensor": 9
             *     }
             */
            "aggregate-power"?: components["schemas"]["OutputSensor"];
            /**
             * @description Whether capacities of the site, and minima and maxima of states of charge, may be exceeded at default prices. By default setting `FLEXMEASURES_RELAX_CONSTRAINTS`, else false.
             * @example true
             */
            "relax-constraints"?: boolean;
            /**
             * @description As `relax-constraints`, for `soc-minima` and `soc-maxima` only. By default `relax-constraints`.
             * @example true
             */
            "relax-soc-constraints"?: boolean;
            /**
             * @description As `relax-constraints`, for `site-consumption-capacity` and `site-production-capacity` only. By default `relax-constraints`.
             * @example true
             */
            "relax-site-capacity-constraints"?: boolean;
            /**
             * @description Whether `consumption-capacity` and `production-capacity` of devices may be exceeded at default prices, up to their `power-capacity`. By default false.
             * @example true
             */
            "relax-capacity-constraints"?: boolean;
            /**
             * @description Power sensors of devices that are not scheduled, consumption positive, each once. Unknown values count as 0.
             * @example [
             *       {
             *         "sensor": 4
             *       }
             *     ]
             */
            "inflexible-consumption"?: components["schemas"]["SensorQuantity"][];
            /**
             * @description As `inflexible-consumption`, production positive.
             * @example [
             *       {
             *         "sensor": 5
             *       }
             *     ]
             */
            "inflexible-production"?: components["schemas"]["SensorQuantity"][];
            /**
             * @description Baselines of power from which deviations have a price, each with a `name`, a `baseline` (consumption positive), and an `up-price` or `down-price` or both. More power than the baseline costs the `up-price`; less power earns the `down-price`, so that a negative `down-price` is a penalty. A price per MWh is for the energy, one per MW for the power in each step. With `sensors` or a `group`, the total power of those devices counts, else that of the site. Nothing applies where the baseline is unknown.
             * @example [
             *       {
             *         "name": "day-ahead position",
             *         "baseline": "100 kW",
             *         "up-price": "0.4 EUR/kWh"
             *       }
             *     ]
             */
            commitments?: components["schemas"]["Commitment"][];
            /**
             * @description Name of the commodity in an entry of `commodities`. Outside the list, only `electricity` is possible. By default `electricity`.
             * @example electricity
             */
            commodity?: string;
        };
        /**
         * @description Prices and limits of the site. Fields that are not sent are taken from attributes of the asset or of a parent asset. The
         *     built-in scheduler refuses other fields. Custom schedulers may use them: see `CustomSchedulePost`. Requests for a site may
         *     send a list of flex-contexts, one per commodity, which is read as `commodities`.
         *
         *     With a breach price, a limit may be exceeded. A price per MW (or per MWh of stock) is charged for the largest breach, and
         *     also for each breach and hour. A price per MW and hour, such as EUR/MWh for a power, is charged for each breach and hour
         *     only.
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
             * @description Price of the energy that the site produces. Replaces `production-price-sensor`. By default the consumption price.
             * @example 0.05 EUR/kWh
             */
            "production-price"?: components["schemas"]["Price"];
            /**
             * @description Sensor with the price of the energy that the site consumes. By default attribute `market_id`.
             * @example 3
             */
            "consumption-price-sensor"?: components["schemas"]["SensorReference"];
            /**
             * @description Sensor with the price of the energy that the site produces. By default the consumption price.
             * @example 3
             */
            "production-price-sensor"?: components["schemas"]["SensorReference"];
            /**
             * @description Power sensors of devices that are not scheduled, each once. Unknown values count as 0.
             * @example [
             *       4
             *     ]
             */
            "inflexible-device-sensors"?: components["schemas"]["SensorInList"][];
            /**
             * @description Another way to write `inflexible-device-sensors` if there is only one.
             * @example 4
             */
            "inflexible-device-sensor"?: components["schemas"]["SensorReference"];
            /**
             * @description Maximum power of the grid connection in both directions. It is a hard limit. By default attribute `capacity_in_mw`.
             * @example 45 kW
             */
            "site-power-capacity"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Maximum consumption of the site; `%` is relative to `site-power-capacity`. By default `site-power-capacity`.
             * @example 45 kW
             */
            "site-consumption-capacity"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Maximum production of the site; `%` is relative to `site-power-capacity`. By default `site-power-capacity`.
             * @example 0 kW
             */
            "site-production-capacity"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Price of exceeding `site-consumption-capacity`. By default 10,000 per kW if site capacities are relaxed; else the limit is hard.
             * @example 1000 EUR/MW
             */
            "site-consumption-breach-price"?: components["schemas"]["Price"];
            /**
             * @description Price of exceeding `site-production-capacity`. By default 10,000 per kW if site capacities are relaxed; else the limit is hard.
             * @example 1000 EUR/MW
             */
            "site-production-breach-price"?: components["schemas"]["Price"];
            /**
             * @description Highest consumption before the schedule. Only consumption above it has the peak price. By default 0.
             * @example {
             *       "sensor": 7
             *     }
             */
            "site-peak-consumption"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Highest production before the schedule. Only production above it has the peak price. By default 0.
             * @example {
             *       "sensor": 7
             *     }
             */
            "site-peak-production"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Price of the amount by which the highest consumption during the schedule exceeds `site-peak-consumption`.
             * @example 260 EUR/MW
             */
            "site-peak-consumption-price"?: components["schemas"]["Price"];
            /**
             * @description Price of the amount by which the highest production during the schedule exceeds `site-peak-production`.
             * @example 260 EUR/MW
             */
            "site-peak-production-price"?: components["schemas"]["Price"];
            /**
             * @description Price of exceeding `consumption-capacity` of a device, up to its `power-capacity`. A capacity that is 0 throughout is hard. By default 100 per kW if device capacities are relaxed and neither direction has a price; else the limit is hard.
             * @example 10 EUR/kW
             */
            "consumption-breach-price"?: components["schemas"]["Price"];
            /**
             * @description Price of exceeding `production-capacity` of a device, up to its `power-capacity`. A capacity that is 0 throughout is hard. By default 100 per kW if device capacities are relaxed and neither direction has a price; else the limit is hard.
             * @example 10 EUR/kW
             */
            "production-breach-price"?: components["schemas"]["Price"];
            /**
             * @description Price of falling below `soc-minima`. By default 1,000 per kWh if states of charge are relaxed; else the limit is hard.
             * @example 5 EUR/kWh
             */
            "soc-minima-breach-price"?: components["schemas"]["Price"];
            /**
             * @description Price of rising above `soc-maxima`. By default 1,000 per kWh if states of charge are relaxed; else the limit is hard.
             * @example 5 EUR/kWh
             */
            "soc-maxima-breach-price"?: components["schemas"]["Price"];
            /**
             * @description Sensor that records the planned power of the site, consumption positive. With `aggregate-production` as well: consumption only.
             * @example {
             *       "sensor": 10
             *     }
             */
            "aggregate-consumption"?: components["schemas"]["OutputSensor"];
            /**
             * @description Sensor that records the planned power of the site, production positive. With `aggregate-consumption` as well: production only.
             * @example {
             *       "sensor": 11
             *     }
             */
            "aggregate-production"?: components["schemas"]["OutputSensor"];
            /**
             * @description Sensor that records the planned power of the site, with the sign of its other data (attribute `consumption_is_positive`).
             * @example {
             *       "sensor": 9
             *     }
             */
            "aggregate-power"?: components["schemas"]["OutputSensor"];
            /**
             * @description Whether capacities of the site, and minima and maxima of states of charge, may be exceeded at default prices. By default setting `FLEXMEASURES_RELAX_CONSTRAINTS`, else false.
             * @example true
             */
            "relax-constraints"?: boolean;
            /**
             * @description As `relax-constraints`, for `soc-minima` and `soc-maxima` only. By default `relax-constraints`.
             * @example true
             */
            "relax-soc-constraints"?: boolean;
            /**
             * @description As `relax-constraints`, for `site-consumption-capacity` and `site-production-capacity` only. By default `relax-constraints`.
             * @example true
             */
            "relax-site-capacity-constraints"?: boolean;
            /**
             * @description Whether `consumption-capacity` and `production-capacity` of devices may be exceeded at default prices, up to their `power-capacity`. By default false.
             * @example true
             */
            "relax-capacity-constraints"?: boolean;
            /**
             * @description Power sensors of devices that are not scheduled, consumption positive, each once. Unknown values count as 0.
             * @example [
             *       {
             *         "sensor": 4
             *       }
             *     ]
             */
            "inflexible-consumption"?: components["schemas"]["SensorQuantity"][];
            /**
             * @description As `inflexible-consumption`, production positive.
             * @example [
             *       {
             *         "sensor": 5
             *       }
             *     ]
             */
            "inflexible-production"?: components["schemas"]["SensorQuantity"][];
            /**
             * @description Baselines of power from which deviations have a price, each with a `name`, a `baseline` (consumption positive), and an `up-price` or `down-price` or both. More power than the baseline costs the `up-price`; less power earns the `down-price`, so that a negative `down-price` is a penalty. A price per MWh is for the energy, one per MW for the power in each step. With `sensors` or a `group`, the total power of those devices counts, else that of the site. Nothing applies where the baseline is unknown.
             * @example [
             *       {
             *         "name": "day-ahead position",
             *         "baseline": "100 kW",
             *         "up-price": "0.4 EUR/kWh"
             *       }
             *     ]
             */
            commitments?: components["schemas"]["Commitment"][];
            /**
             * @description One flex-context for each `commodity`. A price for one direction is a connection in that direction only; a capacity without a price is a connection at no cost. Costs have the commodity before their names: `gas consumption`. An entry for `electricity` adds to the fields beside the list.
             * @example [
             *       {
             *         "commodity": "gas",
             *         "consumption-price": "50 EUR/MWh"
             *       }
             *     ]
             */
            commodities?: components["schemas"]["CommodityContext"][];
            /**
             * @description Name of the commodity in an entry of `commodities`. Outside the list, only `electricity` is possible. By default `electricity`.
             * @example electricity
             */
            commodity?: string;
        };
        /**
         * @description A request for a schedule of a device. Fields of `flex-model` and `flex-context` at the top level are deprecated. If a
         *     field is sent in both places, the top level is ignored.
         */
        SchedulePost: {
            /**
             * Format: date-time
             * @description When the schedule starts. A start between two steps is moved to the start of its step, and the answer says so.
             * @example 2026-11-23T07:00:00+01:00
             */
            start: string;
            /**
             * Format: duration
             * @description Duration of the schedule. By default `FLEXMEASURES_PLANNING_HORIZON` (48 hours), or until the last target if that is
             *     later. The maximum is `FLEXMEASURES_MAX_PLANNING_HORIZON` (169 hours).
             * @example PT12H
             */
            duration?: string;
            /**
             * Format: duration
             * @description Duration of a step of the schedule; by default, the resolution of the sensor. One of them must be a multiple of the
             *     other. Longer steps are stored as several equal events, shorter steps as their mean.
             * @example PT1H
             */
            resolution?: string;
            /**
             * Format: date-time
             * @description Use only beliefs that were recorded at this time or earlier; by default, all that are known when the job runs.
             * @example 2026-11-23T00:00:00+01:00
             */
            prior?: string;
            /**
             * @description Always compute a new schedule. Otherwise, a repeated request with the same data gets the same schedule while its job is
             *     waiting or running, and for `FLEXMEASURES_JOB_CACHE_TTL` (1 hour) after it has finished.
             * @default false
             * @example true
             */
            force_new_job_creation?: boolean;
            /**
             * @description Newer name of `force_new_job_creation`.
             * @default false
             * @example true
             */
            "force-new-job-creation"?: boolean;
            "flex-model"?: components["schemas"]["FlexModel"];
            "flex-context"?: components["schemas"]["FlexContext"];
            /**
             * @deprecated
             * @description Send this field in `flex-model` instead.
             */
            "soc-at-start"?: components["schemas"]["Quantity"];
            /**
             * @deprecated
             * @description Send this field in `flex-model` instead.
             * @example MWh
             * @enum {string}
             */
            "soc-unit"?: "kWh" | "MWh";
            /**
             * @deprecated
             * @description Send this field in `flex-model` instead.
             */
            "soc-min"?: components["schemas"]["Quantity"];
            /**
             * @deprecated
             * @description Send this field in `flex-model` instead.
             */
            "soc-max"?: components["schemas"]["Quantity"];
            /**
             * @deprecated
             * @description Send this field in `flex-model` instead.
             */
            "soc-targets"?: components["schemas"]["SocTarget"][];
            /**
             * @deprecated
             * @description Send this field in `flex-model` instead.
             */
            "roundtrip-efficiency"?: components["schemas"]["Efficiency"];
            /**
             * @deprecated
             * @description Send this field in `flex-model` instead.
             * @example true
             */
            "prefer-charging-sooner"?: boolean;
            /**
             * @deprecated
             * @description Send this field in `flex-context` instead.
             */
            "consumption-price-sensor"?: components["schemas"]["SensorReference"];
            /**
             * @deprecated
             * @description Send this field in `flex-context` instead.
             */
            "production-price-sensor"?: components["schemas"]["SensorReference"];
            /**
             * @deprecated
             * @description Send this field in `flex-context` instead.
             */
            "inflexible-device-sensors"?: components["schemas"]["SensorInList"][];
        };
        /** @description The answer to a request for a schedule. */
        ScheduleReceipt: {
            /**
             * @description Message for people. It says which times were moved to steps and which deprecated fields were sent.
             * @example Request has been processed.
             */
            message: string;
            /**
             * Format: uuid
             * @description UUID of the schedule and of its job.
             * @example 364bfd06-c1fa-430b-8d25-8f5a547651fb
             */
            schedule: string;
            /**
             * Format: uuid
             * @description The same UUID.
             * @example 364bfd06-c1fa-430b-8d25-8f5a547651fb
             */
            job: string;
            /**
             * @description Path of the state of the job.
             * @example /api/v3_0/jobs/364bfd06-c1fa-430b-8d25-8f5a547651fb
             */
            "job-url": string;
            /**
             * @description Path of the schedule. Of a schedule for several devices, that of all devices.
             * @example /api/v3_0/sensors/2/schedules/364bfd06-c1fa-430b-8d25-8f5a547651fb
             */
            "results-url": string;
            /**
             * @description Status code for programs.
             * @example PROCESSED
             * @enum {string}
             */
            status: "PROCESSED";
        };
        /** @description A schedule or its first part. */
        Schedule: {
            /**
             * Format: duration
             * @description Duration of the returned values.
             * @example PT6H
             */
            duration: string;
            /**
             * @description Message for people. It names assumptions and times that were moved. If no schedule could keep all limits, it gives the
             *     reason for the fallback schedule.
             * @example Request has been processed.
             */
            message: string;
            /**
             * Format: date-time
             * @description When the schedule starts, in the time zone of the sensor.
             * @example 2026-11-23T07:00:00+01:00
             */
            start: string;
            /**
             * @description Status code for programs.
             * @example PROCESSED
             * @enum {string}
             */
            status: "PROCESSED";
            /**
             * @description Unit of the values; that of the sensor unless another one was requested.
             * @example MW
             */
            unit: string;
            /** @description Who made the schedule. */
            scheduler_info: {
                /**
                 * @description Model of the scheduler; empty for schedules of older versions.
                 * @example StorageScheduler
                 */
                scheduler: string;
            };
            /**
             * @description Power of each step, by default with consumption positive. The steps have the resolution of the sensor. A sensor that
             *     records instants has states of charge, at the start and at the end of each step of the schedule.
             * @example [
             *       0,
             *       0,
             *       -0.164078,
             *       -0.5
             *     ]
             */
            values: number[];
        };
        /**
         * @description A device of a site with its power sensor (or its asset), state and limits. See `FlexModel` for the fields. Fields that are
         *     not sent are those of the stored flex-model of the asset.
         */
        SiteFlexModel: {
            /** @description Power sensor of the device. The schedule is stored as its data. */
            sensor?: components["schemas"]["SensorReference"];
            /**
             * @description Asset of the device, in place of `sensor`: its power sensor is the one that its stored flex-model names, or its only one.
             * @example 3
             */
            asset?: number;
            /**
             * @description State of charge at the start of the schedule, if there is no `soc-at-start`: the latest known one. The planned states of charge are recorded to the sensor, which is instantaneous, in a unit of energy or in %, then of `soc-max`. Devices that name the same sensor change the same storage: a heat buffer with two heaters, for example. Fields of the storage are in one of their entries, or in an entry without a power sensor.
             * @example {
             *       "sensor": 8
             *     }
             */
            "state-of-charge"?: components["schemas"]["SocSeries"];
            /**
             * @description State of charge at the start of the schedule. By default `state-of-charge`, else attribute `soc_in_mwh` if attribute `soc_datetime` is the start, else 0.
             * @example 225 kWh
             */
            "soc-at-start"?: components["schemas"]["Quantity"];
            /**
             * @description Unit of states of charge that are given without a unit. By default kWh for sensors in kW, else MWh.
             * @example MWh
             * @enum {string}
             */
            "soc-unit"?: "kWh" | "MWh";
            /**
             * @description Minimum state of charge at the end of each step. By default attribute `min_soc_in_mwh`, else 0.
             * @example 10%
             */
            "soc-min"?: components["schemas"]["Quantity"];
            /**
             * @description Maximum state of charge at the end of each step. By default attribute `max_soc_in_mwh`, else the highest target.
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
             * @description Minimum states of charge at instants or during intervals, in addition to `soc-min`.
             * @example [
             *       {
             *         "value": "100 kWh",
             *         "datetime": "2026-11-23T16:00:00+01:00"
             *       }
             *     ]
             */
            "soc-minima"?: components["schemas"]["SocSeries"];
            /**
             * @description Maximum states of charge at instants or during intervals, in addition to `soc-max`.
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
             * @description Power that leaves the storage without passing the meter, for example heat that is used. The powers of a list are added.
             * @example [
             *       "3 kW",
             *       {
             *         "sensor": 5
             *       }
             *     ]
             */
            "soc-usage"?: components["schemas"]["Flows"];
            /**
             * @description Power that enters the storage without passing the meter, for example solar heat. The powers of a list are added.
             * @example [
             *       "3 kW",
             *       {
             *         "sensor": 5
             *       }
             *     ]
             */
            "soc-gain"?: components["schemas"]["Flows"];
            /**
             * @description Share of the charged energy that can be discharged. Charging and discharging each have the square root of it as efficiency. By default 1.
             * @example 90%
             */
            "roundtrip-efficiency"?: components["schemas"]["Efficiency"];
            /**
             * @description Energy that enters the storage per energy at the meter, in addition to `roundtrip-efficiency`. It is above 1 for heat pumps. By default 1.
             * @example 300%
             */
            "charging-efficiency"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Energy at the meter per energy that leaves the storage, in addition to `roundtrip-efficiency`. By default 1.
             * @example 95%
             */
            "discharging-efficiency"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Share of the stored energy that remains after one step. By default 1.
             * @example 99.9%
             */
            "storage-efficiency"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Maximum power in both directions. It is a hard limit. By default attribute `capacity_in_mw`.
             * @example 50 kW
             */
            "power-capacity"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Maximum consumption; `%` is relative to `power-capacity`. By default `power-capacity`.
             * @example 80%
             */
            "consumption-capacity"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Maximum production; `%` is relative to `power-capacity`. For curtailable production: the power that is available. By default `power-capacity`.
             * @example {
             *       "sensor": 5
             *     }
             */
            "production-capacity"?: components["schemas"]["VariableQuantity"];
            /**
             * @description Sensor that records the planned power, consumption positive. With `production` as well: consumption only, 0 where the device produces.
             * @example {
             *       "sensor": 14
             *     }
             */
            consumption?: components["schemas"]["OutputSensor"];
            /**
             * @description Sensor that records the planned power, production positive. With `consumption` as well: production only, 0 where the device consumes.
             * @example {
             *       "sensor": 15
             *     }
             */
            production?: components["schemas"]["OutputSensor"];
            /**
             * @description Whether to curtail production later if the cost is the same; if false, earlier. A storage charges sooner, which curtails later, by `prefer-charging-sooner`.
             * @default true
             * @example true
             */
            "prefer-curtailing-later"?: boolean;
            /**
             * @description Whether to charge earlier and discharge later if the cost is the same.
             * @default true
             * @example true
             */
            "prefer-charging-sooner"?: boolean;
            /**
             * @description Makes the device a process. It runs as early as possible (INFLEXIBLE), at the cheapest time without breaks (SHIFTABLE), or at the cheapest times with breaks (BREAKABLE).
             * @example SHIFTABLE
             * @enum {string}
             */
            "process-type"?: "INFLEXIBLE" | "SHIFTABLE" | "BREAKABLE";
            /**
             * @description Power of the process while it runs.
             * @example 2 kW
             */
            power?: components["schemas"]["SignedQuantity"];
            /**
             * Format: duration
             * @description How long the process runs. If this is not a whole number of steps, the remainder is a step with a share of the power.
             * @example PT2H
             */
            duration?: string;
            /**
             * @description Intervals in which the process must not run.
             * @example [
             *       {
             *         "start": "2026-11-23T16:00:00+01:00",
             *         "duration": "PT2H"
             *       }
             *     ]
             */
            "time-restrictions"?: components["schemas"]["Interval"][];
            /**
             * @description Shared inverter or feeder that the device is behind: an asset or a power sensor that has an entry of its own. In that entry, `power-capacity` is a hard limit of the total power, `consumption-capacity` and `production-capacity` give way like the capacities of the site. Groups can be in other groups.
             * @example {
             *       "asset": 7
             *     }
             */
            group?: components["schemas"]["GroupReference"];
            /**
             * @description Ranges of power in which the device can run, each with a `consumption-range`, a `production-range`, or both (from 0). The device can be off only if a range contains 0. By default any power.
             * @example [
             *       {
             *         "consumption-range": [
             *           "0 kW",
             *           "0 kW"
             *         ]
             *       },
             *       {
             *         "consumption-range": [
             *           "2 kW",
             *           "4 kW"
             *         ]
             *       }
             *     ]
             */
            "operation-modes"?: components["schemas"]["OperationMode"][];
            /**
             * @description What the device consumes and produces. A commodity that `commodities` does not have, or has without prices and capacities, is an internal node: its devices must balance in each step. By default `electricity`.
             * @example gas
             */
            commodity?: string;
            /**
             * @description Name of the converter that the device is a port of. The powers of all ports have a fixed ratio. A port has either a `consumption-capacity` or a `production-capacity`, which tells its direction.
             * @example chp
             */
            coupling?: string;
            /**
             * @description Power of the port per common level of its converter: 0.5 for heat if half of the gas becomes heat. By default 1.
             * @example 0.5
             */
            "coupling-coefficient"?: components["schemas"]["SignedQuantity"];
            /**
             * @description Makes the device a measured one: its power is what the sensor records or what is forecast for it, consumption positive.
             * @example {
             *       "sensor": 4
             *     }
             */
            "inflexible-consumption"?: components["schemas"]["SensorQuantity"];
            /**
             * @description As `inflexible-consumption`, production positive.
             * @example {
             *       "sensor": 4
             *     }
             */
            "inflexible-production"?: components["schemas"]["SensorQuantity"];
        };
        /**
         * @description A request for schedules of several devices behind one grid connection. Fields of flex-models and of the flex-context that
         *     are not sent are those that assets store; see docs/flexibility.md. `start` alone suffices if all else is stored.
         */
        SiteSchedulePost: {
            /**
             * Format: date-time
             * @description When the schedules start. A start between two steps is moved to the start of its step, and the answer says so.
             * @example 2026-11-23T07:00:00+01:00
             */
            start: string;
            /**
             * Format: duration
             * @description Duration of the schedules. By default `FLEXMEASURES_PLANNING_HORIZON` (48 hours), or until the last target if that is
             *     later. The maximum is `FLEXMEASURES_MAX_PLANNING_HORIZON` (169 hours).
             * @example PT12H
             */
            duration?: string;
            /**
             * Format: duration
             * @description Duration of a step of the schedules; by default, the resolution of the sensors, which must then be the same for
             *     all.
             * @example PT15M
             */
            resolution?: string;
            /**
             * Format: date-time
             * @description Use only beliefs that were recorded at this time or earlier; by default, all that are known when the job runs.
             * @example 2026-11-23T00:00:00+01:00
             */
            prior?: string;
            /**
             * @description The devices. A device without fields that describe its flexibility is inflexible: its power is what is known or
             *     forecast. Other assets below the asset that store a flex-model are devices as well. If assets store all devices, the
             *     list may be left out.
             */
            "flex-model"?: components["schemas"]["SiteFlexModel"][];
            "flex-context"?: components["schemas"]["FlexContext"];
            /**
             * @description Schedule the devices one after another in the order of the list, instead of together. Each device takes the power of
             *     those before it into account.
             * @default false
             * @example false
             */
            sequential?: boolean;
            /**
             * @description Always compute new schedules. Otherwise, a repeated request with the same data gets the same schedules while their job is
             *     waiting or running, and for `FLEXMEASURES_JOB_CACHE_TTL` (1 hour) after it has finished.
             * @default false
             * @example true
             */
            force_new_job_creation?: boolean;
            /**
             * @description Newer name of `force_new_job_creation`.
             * @default false
             * @example true
             */
            "force-new-job-creation"?: boolean;
        };
        /** @description What the asset would store, in place of what it stores. It is checked as if it were stored. */
        TriedFlexibility: {
            /**
             * @description A flex-model in place of the stored one, as JSON or as its text.
             * @example {
             *       "soc-max": "450 kWh",
             *       "power-capacity": "1 MW"
             *     }
             */
            flex_model?: string | {
                [key: string]: unknown;
            };
            /**
             * @description A flex-context in place of the stored one, as JSON or as its text.
             * @example {
             *       "consumption-price": {
             *         "sensor": 3
             *       }
             *     }
             */
            flex_context?: string | {
                [key: string]: unknown;
            };
        };
        /** @description A request to see what schedules would do. As `SiteSchedulePost`, and the flexibility to try. */
        SiteSchedulePreviewPost: {
            /**
             * Format: date-time
             * @description When the schedules start.
             * @example 2026-11-23T07:00:00+01:00
             */
            start: string;
            /**
             * Format: duration
             * @description Duration of the schedules, as in `SiteSchedulePost`.
             * @example PT12H
             */
            duration?: string;
            /**
             * Format: duration
             * @description Duration of a step of the schedules.
             * @example PT15M
             */
            resolution?: string;
            /**
             * Format: date-time
             * @description Use only beliefs that were recorded at this time or earlier.
             * @example 2026-11-23T00:00:00+01:00
             */
            prior?: string;
            /** @description The devices, as in `SiteSchedulePost`. */
            "flex-model"?: components["schemas"]["SiteFlexModel"][];
            "flex-context"?: components["schemas"]["FlexContext"];
            /**
             * @description Schedule the devices one after another, instead of together.
             * @default false
             * @example false
             */
            sequential?: boolean;
            flexibility?: components["schemas"]["TriedFlexibility"];
        };
        /** @description The cost of one commitment. */
        CommitmentCost: {
            /**
             * @description `consumption` and `production` of energy, `site-peak-consumption`, `site-peak-production`, or exceeding a limit at a
             *     price, such as `site-consumption-breach` or `soc-minima-breach`.
             * @example consumption
             */
            commitment: string;
            /**
             * @description Id of the power sensor of the device; absent if it is about the site.
             * @example 2
             */
            sensor?: number;
            /**
             * @description Cost during the whole schedule, in the currency. Negative for a gain.
             * @example -3.303263
             */
            cost: number;
        };
        /** @description A constraint that contradicts another one. */
        ConflictingLimit: {
            /**
             * @description Name of the field that sets the constraint.
             * @example power-capacity
             */
            constraint: string;
            /**
             * @description Id of the power sensor of the device with the constraint; absent if it is about the site.
             * @example 2
             */
            sensor?: number;
            /**
             * @description Value in MW for a capacity and in MWh for a state of charge. Absent if it changes during the period.
             * @example 0.004
             */
            value?: number;
        };
        /** @description A constraint that cannot be kept, and the constraints that contradict it. */
        Conflict: {
            /**
             * @description The conflict as a sentence.
             * @example car (sensor 2): soc-target 25 kWh at 2026-03-06T06:00:00+01:00 needs 12.9 kWh within 2 h, but power-capacity 4 kW allows 8 kWh.
             */
            message: string;
            /**
             * @description `energy`: the state of charge cannot reach a bound in time. `bounds`: two bounds of the same instant contradict
             *     each other. `power`: the capacity of the site is exceeded, whatever the devices do. `time`: a process has no time
             *     to run.
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
             * @description Id of the power sensor of the device with the constraint; absent if it is about the site.
             * @example 2
             */
            sensor?: number;
            /**
             * Format: date-time
             * @description When the period in question starts.
             * @example 2026-03-06T04:00:00+01:00
             */
            from: string;
            /**
             * Format: date-time
             * @description When the constraint must be met. For powers, the end of the step.
             * @example 2026-03-06T06:00:00+01:00
             */
            at: string;
            /**
             * Format: date-time
             * @description Until when the constraint is missed without a break.
             * @example 2026-03-06T06:00:00+01:00
             */
            until: string;
            /**
             * @description Unit of the amounts: MWh for `energy` and `bounds`, MW for `power`, hours for `time`.
             * @example MWh
             * @enum {string}
             */
            unit: "MWh" | "MW" | "h";
            /**
             * @description Value of the constraint.
             * @example 0.025
             */
            wanted: number;
            /**
             * @description The nearest value that is possible.
             * @example 0.0201
             */
            possible: number;
            /**
             * @description Amount that is needed to keep the constraint. This is energy to charge in the period in question (or to discharge,
             *     if the state of charge is too high), power to compensate, or hours to run.
             * @example 0.0129
             */
            needed: number;
            /**
             * @description How much of that is possible. Negative if devices are forced to do the opposite.
             * @example 0.008
             */
            available: number;
            /** @description The constraints that contradict it. */
            limited_by: components["schemas"]["ConflictingLimit"][];
        };
        /**
         * @description Limits of an asset by the name of their field. Each is a list of `datetime` and `violation`, or `datetime` and `margin`:
         *     amounts in kWh or kW.
         */
        LimitsOfAsset: {
            /**
             * @description Id of the asset.
             * @example 3
             */
            asset: number;
        } & {
            [key: string]: unknown;
        };
        /** @description Key figures of one storage. */
        StorageKpis: {
            /**
             * @description Id of its power sensor.
             * @example 2
             */
            sensor: number;
            /**
             * @description Energy that it charges, at the meter.
             * @example 2.4
             */
            charged_in_mwh: number;
            /**
             * @description Energy that it discharges, at the meter.
             * @example 2.1
             */
            discharged_in_mwh: number;
            /**
             * @description Number of full cycles: the energy into and out of the stock, divided by twice the usable capacity between its
             *     bounds. Null if it has no bounds.
             * @example 5.6
             */
            full_cycles: number | null;
        };
        /** @description Key figures of a schedule. They are about the whole site at its grid connection, unless stated otherwise. */
        Kpis: {
            /**
             * @description Energy that the site takes from the grid.
             * @example 2.4
             */
            consumed_in_mwh: number;
            /**
             * @description Energy that the site feeds into the grid.
             * @example 2.1
             */
            produced_in_mwh: number;
            /**
             * @description Highest mean power of a step that the site takes from the grid.
             * @example 0.5
             */
            peak_consumption_in_mw: number;
            /**
             * @description Highest mean power of a step that the site feeds into the grid.
             * @example 0.5
             */
            peak_production_in_mw: number;
            /**
             * @description Share of the production of devices other than storages that does not leave the site in the same step. Null if they
             *     produce nothing.
             * @example null
             */
            self_consumption: number | null;
            /** @description Key figures of each storage. */
            storages: components["schemas"]["StorageKpis"][];
        };
        /**
         * @description The same period without schedules: storages charge at full power until their highest target or minimum is reached, and
         *     else do nothing. Processes run as early as possible. Nothing is curtailed.
         */
        WithoutFlexibility: {
            /**
             * @description Cost in the currency of the schedule. Negative for a gain.
             * @example 0
             */
            cost: number;
            kpis: components["schemas"]["Kpis"];
        };
        /** @description What a device would do. */
        DevicePreview: {
            /**
             * @description Id of the power sensor of the device.
             * @example 2
             */
            sensor: number;
            /**
             * @description Unit of the values and of the sensor.
             * @example MW
             */
            unit: string;
            /**
             * @description Power of each step. Consumption is positive.
             * @example [
             *       0,
             *       0,
             *       -0.164078,
             *       -0.5
             *     ]
             */
            values: number[];
            /**
             * @description State of charge of a storage in kWh, at the start and after each step; null for other devices.
             * @example [
             *       225,
             *       225,
             *       225,
             *       180,
             *       50
             *     ]
             */
            state_of_charge: number[] | null;
        };
        /** @description What schedules would do. Nothing of it is stored. */
        SchedulePreview: {
            /**
             * @description Status code for programs.
             * @example PROCESSED
             * @enum {string}
             */
            status: "PROCESSED";
            /**
             * @description Message for people. It names times that were moved, and stored devices that are left out.
             * @example Request has been processed.
             */
            message: string;
            /**
             * Format: date-time
             * @description When the schedules start, in the time zone of the first sensor.
             * @example 2026-11-23T07:00:00+01:00
             */
            start: string;
            /**
             * Format: duration
             * @description Duration of the schedules.
             * @example PT12H
             */
            duration: string;
            /**
             * Format: duration
             * @description Duration of a step.
             * @example PT15M
             */
            resolution: string;
            /**
             * @description Expected cost of the site. Negative for a gain. Null if it is unknown, for example with a custom scheduler.
             * @example -3.303263
             */
            cost: number | null;
            /**
             * @description Currency of the costs; null if there is none.
             * @example EUR
             */
            currency: string | null;
            /** @description The parts of the cost. */
            commitments: components["schemas"]["CommitmentCost"][];
            /**
             * @description By how much another schedule could be cheaper at most; null if nothing is proven.
             * @example 0
             */
            gap: number | null;
            /**
             * @description Why no schedule could keep all limits; null for other schedules.
             * @example null
             */
            fallback_reason: string | null;
            /** @description Which constraints contradict each other, when and by how much. */
            conflicts: components["schemas"]["Conflict"][];
            /** @description Limits that the schedules would not keep, by asset. */
            unresolved: components["schemas"]["LimitsOfAsset"][];
            /** @description Limits that the schedules would keep throughout, by asset. */
            resolved: components["schemas"]["LimitsOfAsset"][];
            kpis: components["schemas"]["Kpis"];
            /**
             * @description Assumptions, as sentences for people.
             * @example []
             */
            warnings: string[];
            /**
             * @description What was used, about which nothing is wrong, as sentences for people.
             * @example []
             */
            remarks: string[];
            /** @description What would happen without schedules; null if that is unknown. */
            without_flexibility: components["schemas"]["WithoutFlexibility"] | null;
            /** @description What each device would do. */
            devices: components["schemas"]["DevicePreview"][];
        };
        /** @description The schedule of one device. */
        DeviceSchedule: {
            /**
             * Format: duration
             * @description Duration of a step, which is the resolution of the sensor.
             * @example PT15M
             */
            resolution: string;
            /**
             * @description Id of the power sensor of the device.
             * @example 2
             */
            sensor: number;
            /**
             * @description Unit of the values and of the sensor.
             * @example MW
             */
            unit: string;
            /**
             * @description Power of each step. Consumption is positive.
             * @example [
             *       0,
             *       0,
             *       -0.164078,
             *       -0.5
             *     ]
             */
            values: number[];
        };
        /** @description The schedules of the devices of a site, and their cost. */
        SiteSchedule: {
            /** @description The parts of the cost. */
            commitments: components["schemas"]["CommitmentCost"][];
            /**
             * @description Expected cost of the site during the schedules, with the prices that were used. Negative for a gain. Null if it is
             *     unknown, for example with a custom scheduler.
             * @example -3.303263
             */
            cost: number | null;
            /**
             * @description Currency of the costs; null if there is none.
             * @example EUR
             */
            currency: string | null;
            /**
             * Format: duration
             * @description Duration of the schedules.
             * @example PT12H
             */
            duration: string;
            /**
             * @description Message for people. It names assumptions and times that were moved. If no schedule could keep all limits, it gives the
             *     reason for the fallback schedule.
             * @example Request has been processed.
             */
            message: string;
            /** @description One schedule per device that could be scheduled, in the order of the request. */
            schedules: components["schemas"]["DeviceSchedule"][];
            /**
             * Format: date-time
             * @description When the schedules start, in the time zone of the first sensor.
             * @example 2026-11-23T07:00:00+01:00
             */
            start: string;
            /**
             * @description Status code for programs.
             * @example PROCESSED
             * @enum {string}
             */
            status: "PROCESSED";
        };
        /** @description A scheduler or a forecaster of a plugin. */
        OfferedAlgorithm: {
            /**
             * @description Name of its class.
             * @example DummyScheduler
             */
            name: string;
            /**
             * @description Name of the plugin in the attribute.
             * @example our_client
             */
            module: string;
            /**
             * @description Name of the data source of its results; null for the name of the class.
             * @example My Company
             */
            author: string | null;
            /**
             * @description Version of the data source of its results.
             * @example 2
             */
            version: string | null;
            /**
             * @description Version of the plugin.
             * @example 2.0
             */
            plugin_version: string | null;
        };
        /** @description The schedulers of plugins. */
        SchedulerList: {
            /** @description The schedulers. */
            schedulers: components["schemas"]["OfferedAlgorithm"][];
            /**
             * @description The HTTP status.
             * @example 200
             * @enum {integer}
             */
            status: 200;
        };
        /** @description The forecasters of plugins. */
        ForecasterList: {
            /** @description The forecasters. */
            forecasters: components["schemas"]["OfferedAlgorithm"][];
            /**
             * @description The HTTP status.
             * @example 200
             * @enum {integer}
             */
            status: 200;
        };
        /** @description A source of beliefs, with its owner. */
        SourceDetails: {
            /**
             * @description Id of the source.
             * @example 2
             */
            id: number;
            /**
             * @description Name of the user, or of the author of the script.
             * @example Seita
             */
            name: string;
            /**
             * @description Type of the source.
             * @example scheduling script
             */
            type: string;
            /**
             * @description Model of the script.
             * @example StorageScheduler
             */
            model: string | null;
            /**
             * @description Version of the model.
             * @example 3
             */
            version: string | null;
            /**
             * @description Name, model and version, for people.
             * @example Seita's StorageScheduler (v3) model
             */
            description: string;
            /**
             * @description Id of the account of the user; null for scripts.
             * @example null
             */
            account_id: number | null;
            /**
             * @description Id of the user; null for scripts.
             * @example null
             */
            user_id: number | null;
        };
        /** @description Data sources and their types. */
        SourceList: components["schemas"]["Ok"] & {
            /**
             * @description The usual types of sources, then other types of the listed ones.
             * @example [
             *       "user",
             *       "forecasting script"
             *     ]
             */
            types: string[];
            /** @description The sources, ordered by id. */
            sources: components["schemas"]["SourceDetails"][];
        };
        /** @description One data source. */
        SourceAnswer: components["schemas"]["SourceDetails"] & components["schemas"]["Ok"];
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
             * @description E-mail address for logging in.
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
             * @description Last login of the user, in UTC without an offset.
             * @example 2026-11-22T19:38:02.174216
             */
            last_login_at: string | null;
            /**
             * @description Last request of the user, with a precision of one minute, in UTC without an offset.
             * @example 2026-11-22T19:39:30.810303
             */
            last_seen_at: string | null;
            /**
             * @description IANA time zone of the user.
             * @example Europe/Amsterdam
             */
            timezone: string;
            /**
             * @description Name of the user, unique in the account.
             * @example toy-user
             */
            username: string;
        };
        /** @description A page of a list of users. */
        UserRecords: {
            /** @description The users of the page. */
            data: components["schemas"]["User"][];
            /**
             * @description Number of users that match the filter.
             * @example 1
             */
            "filtered-records": number;
            /**
             * @description Number of users without the filter.
             * @example 1
             */
            "num-records": number;
        };
        /** @description A user to create. */
        UserPost: {
            /**
             * @description Account that the user belongs to.
             * @example 1
             */
            account_id: number;
            /**
             * Format: email
             * @description E-mail address, unique on the server.
             * @example anna@example.com
             */
            email: string;
            /**
             * @description IANA time zone of the user; by default, that of the server.
             * @example Europe/Berlin
             */
            timezone?: string;
            /**
             * @description Name of the user, unique in the account.
             * @example anna
             */
            username: string;
        };
        /** @description A new user. */
        InvitedUser: components["schemas"]["User"] & {
            /**
             * @description Says that the server sends no e-mails, so that the user got no link to choose a password. Absent otherwise.
             * @example No link to choose a password was sent, because this server sends no e-mails. Nobody can log in as this user yet.
             */
            message?: string;
        };
        /** @description One user. */
        UserAnswer: components["schemas"]["User"] & components["schemas"]["Ok"];
        /**
         * @description Fields of a user to change. Other fields do not change. Users can change their own name, e-mail address and time zone.
         *     Account-admins can also change the roles of the users of their account, and activate or deactivate them. Only admins can
         *     give and remove the roles `admin` and `admin-reader`, and change users who have them. Users cannot change their own
         *     roles or deactivate themselves. Deactivation invalidates all tokens and sessions of the user.
         */
        UserPatch: {
            /**
             * @description Whether the user can log in and use tokens.
             * @example true
             */
            active?: boolean;
            /**
             * Format: email
             * @description E-mail address, unique on the server. Admins change it at once. For all others, it changes when the owner of the
             *     mailbox opens the link that is sent to the new address. The answer is the same whether or not a user of another
             *     account has this address.
             * @example toy-user@flexmeasures.io
             */
            email?: string;
            /**
             * @description Ids of all roles of the user.
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
             * @description Name of the user, unique in the account.
             * @example toy-user
             */
            username?: string;
        };
        /** @description The changed user. */
        UserPatchAnswer: components["schemas"]["UserAnswer"] & {
            /**
             * @description Says that the new e-mail address must be confirmed. Absent without a new address, and for admins.
             * @example The e-mail address changes after it is confirmed. A message was sent to new@example.com.
             */
            message?: string;
        };
        /** @description What somebody did, and when. */
        AuditRecord: {
            /**
             * @description What happened, in a sentence.
             * @example User 'anna' (Id 2) created
             */
            event: string;
            /**
             * Format: date-time
             * @description When it happened.
             * @example 2026-11-22T19:38:02.174Z
             */
            event_datetime: string;
            /**
             * @description Id of the user who did it; null if it was not a user.
             * @example 1
             */
            active_user_id: number | null;
            /**
             * @description Name of the user who did it, or for example `command line (alice)`, with the user of the operating system.
             * @example toy-user
             */
            active_user_name: string;
            /**
             * @description Name of the device token that was used; null if none was used.
             * @example null
             */
            active_token_name: string | null;
            /**
             * @description Kind of the event.
             * @example user.created
             */
            event_type: string;
            /**
             * @description Account that it is about.
             * @example 1
             */
            affected_account_id: number | null;
            /**
             * @description User that it is about.
             * @example 2
             */
            affected_user_id: number | null;
            /**
             * @description Asset that it is about.
             * @example null
             */
            affected_asset_id: number | null;
            /**
             * @description Sensor that it is about.
             * @example null
             */
            affected_sensor_id: number | null;
            /**
             * @description Names of the fields that changed.
             * @example []
             */
            fields: string[];
        };
        /** @description A page of an audit log. */
        AuditRecords: {
            /** @description The entries of the page. */
            data: components["schemas"]["AuditRecord"][];
            /**
             * @description Number of entries that match the filter.
             * @example 1
             */
            "filtered-records": number;
            /**
             * @description Number of all entries.
             * @example 1
             */
            "num-records": number;
        };
        /** @description The second factor of the logins of a user. */
        TwoFactor: {
            /**
             * @description Setting of the account.
             * @example optional
             * @enum {string}
             */
            policy: "off" | "optional" | "required";
            /**
             * @description What a login needs beside the password: `app` or `mail`; null if the password suffices.
             * @example app
             */
            needed: string | null;
            /**
             * @description Whether the user has set up an app.
             * @example true
             */
            has_app: boolean;
            /**
             * @description Number of recovery codes that were not used.
             * @example 10
             */
            recovery_codes_left: number;
        };
        /** @description The secret of an app that is being set up. */
        TwoFactorSetup: {
            /**
             * @description Secret in base 32, to type into the app.
             * @example G5V7BJR6MZRCWBWO5H4COETLL73T2ED7
             */
            secret: string;
            /**
             * @description The same as a URL, for a QR code.
             * @example otpauth://totp/FlexMeasures:anna%40example.com?issuer=FlexMeasures&secret=G5V7BJR6MZRCWBWO5H4COETLL73T2ED7
             */
            url: string;
        };
        /** @description A code of the app. */
        TwoFactorCode: {
            /**
             * @description Code that the app shows now.
             * @example 405060
             */
            code: string;
        };
        /** @description New recovery codes. */
        RecoveryCodes: {
            /**
             * @description Codes for logins without the app. Each works once.
             * @example [
             *       "abcd-efgh-jkmn"
             *     ]
             */
            recovery_codes: string[];
        };
        /** @description A code, if users remove their own second factor. */
        TwoFactorRemoval: {
            /**
             * @description Code that the app shows now, or a recovery code.
             * @example 405060
             */
            code?: string;
        };
        /** @description A long-lived token with which a device acts for a user, without its secret. */
        DeviceToken: {
            /**
             * @description Id of the token.
             * @example 4
             */
            id: number;
            /**
             * @description Name of the device; unique among the tokens of the user.
             * @example gateway in the cellar
             */
            name: string;
            /**
             * @description What the token may be used for.
             * @example [
             *       "read",
             *       "post-data"
             *     ]
             */
            scopes: ("read" | "post-data" | "trigger")[];
            /**
             * @description The token can use only these assets and their child assets. It can read public assets as well. Null for all assets of
             *     the account.
             * @example [
             *       3
             *     ]
             */
            assets: number[] | null;
            /**
             * Format: date-time
             * @description When the token was created.
             * @example 2026-11-22T19:38:02.174Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When the token expires; null for never.
             * @example null
             */
            expires_at: string | null;
            /**
             * Format: date-time
             * @description When the token was last used, with a precision of one minute.
             * @example null
             */
            last_used_at: string | null;
        };
        /** @description A device token to create. */
        DeviceTokenPost: {
            /**
             * @description Name of the device; unique among the tokens of the user.
             * @example gateway in the cellar
             */
            name: string;
            /**
             * @description What the token may be used for.
             * @example [
             *       "read",
             *       "post-data"
             *     ]
             */
            scopes: ("read" | "post-data" | "trigger")[];
            /**
             * @description Assets of the account of the user to which the token is limited, with their child assets. By default, all of them.
             * @example [
             *       3
             *     ]
             */
            assets?: number[];
            /**
             * Format: date-time
             * @description When the token expires. By default, never.
             * @example 2036-01-01T00:00:00Z
             */
            expires_at?: string;
        };
        /** @description A new device token, with its secret. */
        NewDeviceToken: components["schemas"]["DeviceToken"] & {
            /**
             * @description The secret to send in the header `Authorization`. The server stores only a hash; it cannot show it again.
             * @example fmdt_0123456789abcdefghijABCDEFGHIJ0123456789abc
             */
            token: string;
        };
        /** @description An organisation with its users and assets. */
        Account: {
            /**
             * @description Ids of the roles of the account.
             * @example []
             */
            account_roles: number[];
            /**
             * @description Free-form properties.
             * @example {}
             */
            attributes: {
                [key: string]: unknown;
            };
            /**
             * @description Account whose consultants can read and manage this one.
             * @example null
             */
            consultancy_account_id: number | null;
            /**
             * @description Id of the account.
             * @example 1
             */
            id: number;
            /**
             * @description URL of the logo.
             * @example https://example.com/logo.png
             */
            logo_url: string | null;
            /**
             * @description Name of the account.
             * @example Toy Account
             */
            name: string;
            /**
             * @description Plan of the account, which limits how often its users may use the API; null for the limits of the server.
             * @example 2
             */
            plan_id: number | null;
            /**
             * @description First colour for pages of the account, as a hex code.
             * @example #1a3443
             */
            primary_color: string | null;
            /**
             * @description Second colour, as a hex code.
             * @example #f1a122
             */
            secondary_color: string | null;
            /**
             * @description Whether the users log in with a second factor: `off`: never, `optional`: if they have set up an app, `required`: always,
             *     with a code by e-mail if they have no app.
             * @example optional
             * @enum {string}
             */
            two_factor: "off" | "optional" | "required";
        };
        /** @description An account in a page, with the numbers of its users and assets. */
        AccountInPage: components["schemas"]["Account"] & {
            /**
             * @description Number of users.
             * @example 1
             */
            user_count: number;
            /**
             * @description Number of assets.
             * @example 3
             */
            asset_count: number;
        };
        /** @description A page of a list of accounts. */
        AccountRecords: {
            /** @description The accounts of the page. */
            data: components["schemas"]["AccountInPage"][];
            /**
             * @description Number of accounts that match the filter.
             * @example 1
             */
            "filtered-records": number;
            /**
             * @description Number of accounts without the filter.
             * @example 1
             */
            "num-records": number;
        };
        /** @description An account to create. */
        AccountPost: {
            /**
             * @description Name of the account, unique on the server.
             * @example New Customer
             */
            name: string;
            /**
             * @description Account whose consultants can read and manage the new one. For consultants, it is their own account, also if it is not
             *     sent.
             * @example null
             */
            consultancy_account_id?: number | null;
        };
        /** @description One account. */
        AccountAnswer: components["schemas"]["Account"] & components["schemas"]["Ok"];
        /** @description Fields of an account to change. Other fields do not change. */
        AccountPatch: {
            /**
             * @description Ids of all roles of the account. Only for admins of the server.
             * @example []
             */
            account_roles?: number[];
            /** @description All attributes, as an object or as a string that contains one. */
            attributes?: string | {
                [key: string]: unknown;
            };
            /**
             * @description Account whose consultants can read and manage this one. Admins of the server can set any account. Consultants and
             *     account-admins of an account with the role `Consultancy` can set their own account, or null.
             * @example null
             */
            consultancy_account_id?: number | null;
            /**
             * @description URL of the logo, http or https.
             * @example https://example.com/logo.png
             */
            logo_url?: string | null;
            /**
             * @description Name of the account, unique on the server.
             * @example Toy Account
             */
            name?: string;
            /**
             * @description Plan of the account; null for none. Only admins can change it, and not to a legacy plan.
             * @example 2
             */
            plan_id?: number | null;
            /**
             * @description Hex code of three or six digits; the leading `#` may be omitted.
             * @example #1a3443
             */
            primary_color?: string | null;
            /**
             * @description The same for the second colour.
             * @example #f1a122
             */
            secondary_color?: string | null;
            /**
             * @description Whether the users log in with a second factor: `off`: never, `optional`: if they have set up an app, `required`: always,
             *     with a code by e-mail if they have no app. When it becomes
             *     `required`, all tokens and sessions of the users end.
             * @example optional
             * @enum {string}
             */
            two_factor?: "off" | "optional" | "required";
        };
        /** @description Result of a job that stored a schedule. */
        JobResult: {
            /**
             * @description Id of the sensor of the schedule, if the request was for one sensor.
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
             * @description Number of values of the schedule.
             * @example 48
             */
            steps?: number;
            /**
             * Format: duration
             * @description Duration of a step.
             * @example PT15M
             */
            resolution?: string;
            /**
             * Format: date-time
             * @description Recording time of the values.
             * @example 2026-11-22T21:50:00.120Z
             */
            belief_time?: string;
            /**
             * @description Id of the data source of the values.
             * @example 2
             */
            source?: number;
            /**
             * @description Cost of the energy of the site during the schedule, with the prices that were used. Negative for a gain. Null for a
             *     custom scheduler, which may not use prices.
             * @example -3.303263
             */
            cost?: number | null;
            /**
             * @description Currency of the cost; null if there is none.
             * @example EUR
             */
            currency?: string | null;
            /** @description The parts of the cost. */
            commitments?: components["schemas"]["CommitmentCost"][];
            /**
             * @description By how much another schedule could be cheaper at most, in the currency. Null if nothing is proven, for example for a
             *     fallback schedule or for devices that were scheduled one after another.
             * @example 0
             */
            gap?: number | null;
            /**
             * @description Why no schedule could keep all limits and this is a fallback schedule; null for other schedules.
             * @example null
             */
            fallback_reason?: string | null;
            /** @description Which constraints contradict each other, when and by how much. Empty if this is not a fallback schedule. */
            conflicts?: components["schemas"]["Conflict"][];
            /**
             * @description Limits that the schedule does not keep, by asset: soc-targets, soc-minima, soc-maxima, capacities of the site (of other
             *     commodities with their name: `gas site-consumption-capacity`), and capacities of devices and groups that have a price. At most 1000 moments of each limit, and 20,000 of all (then one of each).
             * @example [
             *       {
             *         "asset": 3,
             *         "soc-minima": [
             *           {
             *             "datetime": "2026-11-23T16:00:00.000Z",
             *             "violation": "3.092635 kWh"
             *           }
             *         ]
             *       }
             *     ]
             */
            unresolved?: components["schemas"]["LimitsOfAsset"][];
            /**
             * @description As `unresolved`, for limits that the schedule keeps throughout. Each has the moment of the smallest margin.
             * @example [
             *       {
             *         "asset": 3,
             *         "soc-maxima": [
             *           {
             *             "datetime": "2026-11-23T14:00:00.000Z",
             *             "margin": "0.073885 kWh"
             *           }
             *         ]
             *       }
             *     ]
             */
            resolved?: components["schemas"]["LimitsOfAsset"][];
            /** @description Key figures of the schedule; null for jobs of older versions. */
            kpis?: components["schemas"]["Kpis"] | null;
            /** @description What would happen without the schedule; null if that is unknown, as for devices that share a storage, and for jobs of older versions. */
            without_flexibility?: components["schemas"]["WithoutFlexibility"] | null;
            /**
             * @description Assumptions, as sentences for people.
             * @example []
             */
            warnings?: string[];
            /**
             * @description What was used, about which nothing is wrong, as sentences for people.
             * @example []
             */
            remarks?: string[];
        } & {
            [key: string]: unknown;
        };
        /** @description A job and its state. */
        Job: {
            /**
             * Format: uuid
             * @description UUID of the job.
             * @example 364bfd06-c1fa-430b-8d25-8f5a547651fb
             */
            id: string;
            /**
             * @description State of the job, in capital letters.
             * @example FINISHED
             * @enum {string}
             */
            status: "QUEUED" | "STARTED" | "FINISHED" | "FAILED";
            /**
             * @description State of the job, as a sentence; with the reason if it failed.
             * @example Scheduling job has finished.
             */
            message: string;
            /**
             * @description Queue of the job, `scheduling` or `forecasting`.
             * @example scheduling
             */
            queue: string;
            /**
             * @description The same as `queue`.
             * @example scheduling
             */
            origin: string;
            /**
             * @description What the job does.
             * @example schedule
             */
            func_name: string;
            /**
             * @description The same as `func_name`.
             * @example schedule
             */
            "func-name": string;
            /**
             * @description State of the job.
             * @example finished
             * @enum {string}
             */
            state: "queued" | "started" | "finished" | "failed";
            /**
             * @description Why the job failed, for people; null if it did not fail.
             * @example null
             */
            failure_reason: string | null;
            /**
             * @description The same as `failure_reason`.
             * @example null
             */
            exc_info: string | null;
            /**
             * @description The same as `failure_reason`.
             * @example null
             */
            "exc-info": string | null;
            /** @description Result of the job; null if it is not finished. Jobs that are not schedules have other fields. */
            result: components["schemas"]["JobResult"] | null;
            /**
             * Format: date-time
             * @description When the job was requested.
             * @example 2026-11-22T21:50:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description The same as `created_at`.
             * @example 2026-11-22T21:50:00.000Z
             */
            enqueued_at: string;
            /**
             * Format: date-time
             * @description The same as `created_at`.
             * @example 2026-11-22T21:50:00.000Z
             */
            "enqueued-at": string;
            /**
             * Format: date-time
             * @description If the job still waits at this time, it fails with the reason `JOB_EXPIRED`.
             * @example 2026-11-23T21:50:00.000Z
             */
            deadline: string;
            /**
             * Format: date-time
             * @description When the job was started.
             * @example 2026-11-22T21:50:00.120Z
             */
            started_at: string | null;
            /**
             * Format: date-time
             * @description The same as `started_at`.
             * @example 2026-11-22T21:50:00.120Z
             */
            "started-at": string | null;
            /**
             * Format: date-time
             * @description When the job finished or failed.
             * @example 2026-11-22T21:50:00.310Z
             */
            ended_at: string | null;
            /**
             * Format: date-time
             * @description The same as `ended_at`.
             * @example 2026-11-22T21:50:00.310Z
             */
            "ended-at": string | null;
        };
        /** @description The period from the first to the last event. */
        TimeRange: {
            /**
             * @description End of the last event, as an HTTP date. If there are no events, the current time.
             * @example Tue, 24 Nov 2026 00:00:00 GMT
             */
            end: string;
            /**
             * @description Start of the first event, as an HTTP date. If there are no events, the current time.
             * @example Mon, 23 Nov 2026 00:00:00 GMT
             */
            start: string;
        };
        /** @description A sensor in a panel. The shown value is the stored value times the factor plus the offset. */
        ChartPanelSensor: {
            /**
             * @description Id of the sensor.
             * @example 2
             */
            id: number;
            /**
             * @description What it is called in the panel.
             * @example discharging
             */
            label: string;
            /**
             * @description Unit in which its values are shown.
             * @example kW
             */
            unit: string;
            /**
             * @description Factor from stored to shown values.
             * @example 1000
             */
            factor: number;
            /**
             * @description What is added to shown values.
             * @example 0
             */
            offset: number;
            /**
             * @description Event resolution in milliseconds; 0 for instants.
             * @example 900000
             */
            resolutionMs: number;
        };
        /** @description One of several charts with a common time axis. */
        ChartPanel: {
            /**
             * @description Title of the panel.
             * @example Power
             */
            title: string;
            /**
             * @description Unit of its axis; several if the sensors have no common one.
             * @example kW
             */
            unit: string;
            /**
             * @description Whether the axis includes zero.
             * @example true
             */
            hasZero: boolean;
            /** @description The sensors that it shows. */
            sensors: components["schemas"]["ChartPanelSensor"][];
        };
        /** @description Data about an asset for charts. */
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
            /** @description The charts that pages draw, one below the other; an addition to FlexMeasures 0.12.1. */
            panels: components["schemas"]["ChartPanel"][];
        };
        /** @description Data about a sensor for charts. */
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
            /** @description The charts that pages draw, one below the other; an addition to FlexMeasures 0.12.1. */
            panels: components["schemas"]["ChartPanel"][];
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
             * @description Knowledge time minus recording time, in milliseconds. Positive for forecasts, zero or negative for measurements.
             * @example 0
             */
            belief_horizon: number;
            source: components["schemas"]["ChartSource"];
            /**
             * @description Probability that the event is not above the value; 0.5 for deterministic beliefs.
             * @example 0.5
             */
            cumulative_probability: number;
            /**
             * @description The value, in the unit of the sensor.
             * @example 10
             */
            event_value: number | null;
            sensor: components["schemas"]["ChartSensor"];
        };
    };
    responses: {
        /** @description Any other error. */
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
        /** @description The server is not available now. */
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
        /** @description The request has no valid token or session. */
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
        /** @description The body has too many bytes or too many values for this operation. */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Rejection"];
            };
        };
        /** @description The user sends too many large bodies or files at once. Try again later. */
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
        /** @description Too many logins have failed. Try again later. */
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
        /** @description Nothing has this id. */
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
        /** @description A parameter is invalid. */
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
        /** @description A request with this `Idempotency-Key` is being carried out. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": "A request with this Idempotency-Key is being carried out. Try again later.",
                 *       "result": "Rejected",
                 *       "status": "CONFLICT"
                 *     }
                 */
                "application/json": components["schemas"]["Rejection"];
            };
        };
        /** @description The id in the path is invalid. */
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
        /** @description The content has not changed since the `ETag` in `If-None-Match`. */
        NotModified: {
            headers: {
                ETag: components["headers"]["ETag"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description A parameter is invalid, or no sensor has the id in the path. */
        InvalidWindow: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ValidationFailure"];
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
        /** @description The user, or the account of the user, has too many jobs that wait or run, or sends too much at once. Try again later. */
        TooManyJobs: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Rejection"];
            };
        };
        /** @description The user may not do this, or a field names a sensor that the user may not read. The message names the field. */
        ForbiddenReference: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Rejection"];
            };
        };
        /** @description The path does not support this method. */
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
        /** @description Account whose items are listed; by default, the account of the user. Admins and admin-readers can list other accounts. */
        AccountIdOfList: number;
        /** @description Newer name of `account_id`. */
        AccountOfList: number;
        /** @description List the assets of all accounts that the user may read, and public assets. Not used with an account. Since v3.0-20. */
        AllAccessible: boolean;
        /** @description List public assets as well. Not used with an account. */
        IncludePublic: boolean;
        /** @description List this asset and all assets below it, of all accounts that the user may read unless one is named. Since v3.0-29. */
        RootOfList: number;
        /** @description Number of levels below `root`; by default, all of them. Since v3.0-29. */
        DepthOfList: number;
        /** @description List only assets of this type. */
        AssetTypeOfList: number;
        /** @description Names of the fields to answer, separated by `|`; by default, all. The id is always there. Since v3.0-29. */
        AssetFieldNames: string;
        /** @description Order of the assets; `owner` is the name of the account. */
        SortAssetsBy: "id" | "name" | "owner";
        /** @description The same as `sort_by`. */
        SortAssetsByHyphen: "id" | "name" | "owner";
        /** @description Direction of the order. */
        SortDirection: "asc" | "desc";
        /** @description Older name of `sort-dir`. */
        SortDirectionWithUnderscore: "asc" | "desc";
        /** @description Number of the page, from 1. Without `page` and `per_page`, the answer is a list of all items. */
        PageOfAssets: number;
        /** @description Items per page; 10 if only `page` is given. */
        PerPageOfAssets: number;
        /** @description The same as `per_page`. */
        PerPageHyphen: number;
        /** @description Words, or phrases in quotation marks. An item is listed if it contains one of them. Case is ignored. */
        SearchTerms: string;
        /** @description A key that the client chooses, so that the request can be repeated without being carried out twice. See above. */
        IdempotencyKey: string;
        /** @description Number of the page, from 1. Without `page` and `per_page`, the answer has all items. */
        Page: number;
        /** @description Items per page; 100 if only `page` is given. */
        PerPage: number;
        /** @description Text that the name of an item must contain. Case is ignored. */
        Filter: string;
        /** @description Id of the asset. */
        AssetId: number;
        /** @description Words, or phrases in quotation marks. One of them must be part of the name of a sensor, or the first digits of its id. */
        SearchTermsOfSensors: string;
        /** @description Order of the sensors. */
        SortSensorsBy: "id" | "name" | "resolution";
        /** @description The same as `sort_by`. */
        SortSensorsByHyphen: "id" | "name" | "resolution";
        /** @description Start of the period, with a time zone. */
        KpisStart: string;
        /** @description End of the period, with a time zone. */
        KpisEnd: string;
        /** @description Account of the copy. Without `parent`, the copy has no parent then. */
        AccountOfCopy: number;
        /** @description Asset below which the copy goes. Without `account`, the copy belongs to the account of this asset. */
        ParentOfCopy: number;
        /** @description Newer name of `event_starts_after`. */
        ChartStart: string;
        /** @description Newer name of `event_ends_before`. */
        ChartEnd: string;
        /** @description Length of the window, with either `start` or `end`. */
        ChartDuration: string;
        /** @description Newer name of `beliefs_before`. */
        ChartPrior: string;
        /** @description Only events that start at this time or later. */
        EventStartsAfter: string;
        /** @description Only events that end at this time or earlier. */
        EventEndsBefore: string;
        /** @description Only beliefs that were recorded at this time or later. */
        BeliefsAfter: string;
        /** @description Only beliefs that were recorded at this time or earlier. */
        BeliefsBefore: string;
        /** @description Whether the specification includes the data. If not, get it from `chart_data`. */
        IncludeData: boolean;
        /** @description Width in pixels; by default, the width of the HTML element that contains the chart. */
        ChartWidth: number;
        /** @description Height in pixels. If there are several panels, this is the height of each. */
        ChartHeight: number;
        /** @description Theme of the chart. */
        ChartTheme: "default" | "dark";
        /** @description Whether to return only the most recent belief of each source about an event, or all beliefs. */
        MostRecentBeliefsOnly: boolean;
        /**
         * @description Form of the data: `rows`, one object per belief, or `columns`, lists of numbers per sensor, source and cumulative
         *     probability, which are a tenth as large.
         */
        ChartDataFormat: "rows" | "columns";
        /**
         * @description Only with `format=columns` and the most recent beliefs: the maximum number of values per series, for example the width
         *     of the chart in pixels. Where the window has more events, each value is the mean of an equal part of the window, with
         *     its minimum and maximum. Without a window, it goes from the first to the last event of the sensor.
         */
        ChartBuckets: number;
        /**
         * @description Only with `format=columns`: whether values of events come with the times at which they were recorded; means in buckets have
         *     none. With `most_recent_beliefs_only=false`, a client can show what was known at any moment.
         */
        ChartBeliefTimes: boolean;
        /** @description Only annotations that end after this time. */
        AnnotationsStart: string;
        /** @description Only annotations that start before this time. */
        AnnotationsEnd: string;
        /** @description Length of the window, with either `start` or `end`. */
        AnnotationsDuration: string;
        /** @description Only annotations that were made at this time or earlier, or whose time is not known. */
        AnnotationsPrior: string;
        /** @description Whether annotations start and end with the window. */
        AnnotationsClip: boolean;
        /** @description Only annotations that end after this time. */
        AnnotationsOverlapStart: string;
        /** @description Only annotations that start before this time. */
        AnnotationsOverlapEnd: string;
        /** @description Id of the annotation. */
        AnnotationId: number;
        /** @description List only the sensors of this asset and of the assets below it. It may be a public asset, otherwise the user must be able to read it. `account` and `account_id` must not name another account. */
        AssetOfList: number;
        /** @description The same as `asset`. */
        AssetIdOfList: number;
        /** @description Whether to list the sensors of public assets, too. */
        IncludePublicAssets: boolean;
        /** @description The same as `include_public_assets`. */
        IncludePublicAssetsHyphenated: boolean;
        /** @description Whether to list the sensors of the clients of the account, too, as far as the user may read them: for consultants. Has no effect with `asset`. */
        IncludeConsultancyClients: boolean;
        /** @description The same as `include_consultancy_clients`. */
        IncludeConsultancyClientsHyphenated: boolean;
        /** @description Number of the page, from 1. With it, the answer is an object. */
        PageOfSensors: number;
        /** @description Items per page; 10 by default. With it, the answer is an object. */
        PerPageOfSensors: number;
        /** @description Text that the name of a sensor, its asset or its account must contain, or the first digits of the id of the sensor. Case is ignored. */
        FilterOfSensors: string;
        /** @description List only sensors with this unit. */
        UnitOfList: string;
        /** @description The sensor, by entity address or id. */
        SensorOfData: string;
        /** @description Start of the window, with a time zone. `start` in the answer has the same offset. */
        DataStart: string;
        /** @description Duration of the window. */
        DataDuration: string;
        /** @description Unit of the returned values. The unit of the sensor must be convertible to it. */
        DataUnit: string;
        /**
         * @description Step of the values; by default, the resolution of the sensor. One of them must be a multiple of the other. Longer steps
         *     get the mean of flows, prices and readings, and the sum of stocks such as energy. Shorter steps repeat flows and split
         *     stocks. For an instantaneous sensor, it selects the instants. By default, their distance depends on the length of the
         *     window and is between 5 minutes and a week.
         */
        DataResolution: string;
        /**
         * @description What energy (and any other amount) of a step is if only a part of the step is known: `unknown` (null), or `scale`, which
         *     scales the known part up to the whole step. The message says of how many steps only a part is known.
         */
        DataPartial: "unknown" | "scale";
        /**
         * @description Only beliefs that were recorded at least this long before the end of the event. A negative horizon selects beliefs that
         *     were recorded at most this long after the end. Of these, the most recent belief is returned.
         */
        DataHorizon: string;
        /** @description Only beliefs that were recorded at this time or earlier. Of these, the most recent belief is returned. */
        DataPrior: string;
        /** @description Only beliefs of the data source with this id. */
        DataSource: number;
        /** @description Only beliefs of sources of the users of this account. */
        DataSourceAccount: number;
        /** @description Only beliefs of sources of this type; `forecaster` and `scheduler` are other names of `forecasting script` and `scheduling script`. */
        DataSourceType: string;
        /**
         * @description Kind of request. `GetMeterDataRequest` returns beliefs that were recorded after the event, `GetPrognosisRequest`
         *     beliefs that were recorded before it. These two and `GetPriceDataRequest` also check the unit of the sensor.
         */
        DataType: "GetSensorDataRequest" | "GetMeterDataRequest" | "GetPrognosisRequest" | "GetPriceDataRequest";
        /** @description Id of the sensor. */
        SensorId: number;
        /** @description Unit of the returned values; by default, the unit of the sensor. */
        DataUnitOfSensor: string;
        /** @description The same as `event_starts_after`. */
        EventStartTime: string;
        /** @description Only events that start before this time. */
        EventEndTime: string;
        /** @description Whether the figures in the fields that are named after the sources are sorted by name. If not, each of these fields is a list of names and values. */
        SortOfStats: boolean;
        /** @description For clients of FlexMeasures. The figures are always computed from the current data. */
        FreshStats: boolean;
        /** @description How long before the end of its event a forecast must have been made, for example PT6H. By default, the horizons for which the sensor is forecast. */
        AccuracyHorizon: string;
        /** @description Id of a data source. Only its forecasts are compared. */
        AccuracySource: number;
        /** @description UUID of the job. A schedule and its job have the same UUID. */
        JobUuid: string;
        /** @description The UUID in the answer of `schedules/trigger`. */
        ScheduleUuid: string;
        /** @description Duration of the returned part of the schedule, from its start; by default, the whole schedule. */
        ScheduleDuration: string;
        /** @description Unit of the returned values, to which the unit of the sensor must be convertible; by default that unit. */
        ScheduleUnit: string;
        /**
         * @description Which direction of power is positive. `wysiwyg`: the values are as in the data of the sensor. States of charge are the
         *     same for all of them.
         */
        SignConvention: "consumption-positive" | "production-positive" | "wysiwyg";
        /** @description Whether to list only the latest version of sources with the same name, type, model and account. */
        OnlyLatest: boolean;
        /** @description The same as `only_latest`. */
        OnlyLatestHyphenated: boolean;
        /** @description Id of the data source. */
        SourceId: number;
        /** @description Whether to include deactivated users. */
        IncludeInactive: boolean;
        /** @description Order of the items. */
        SortUsers: "username" | "email" | "lastLogin" | "lastSeen";
        /** @description Older name of `sort-by`. */
        SortUsersWithUnderscore: "username" | "email" | "lastLogin" | "lastSeen";
        /** @description Id of the user. */
        UserId: number;
        /** @description Order of the entries. */
        SortAuditLog: "event_datetime";
        /** @description Older name of `sort-by`. */
        SortAuditLogWithUnderscore: "event_datetime";
        /** @description Id of the account. */
        AccountId: number;
        /** @description Id of the device token. */
        DeviceTokenId: number;
        /** @description List only accounts with the role of this name. */
        AccountRoleOfList: string;
        /** @description Order of the items. */
        SortAccounts: "id" | "name" | "assets" | "users";
        /** @description Older name of `sort-by`. */
        SortAccountsWithUnderscore: "id" | "name" | "assets" | "users";
        /**
         * @description Step of the events; by default, the resolution of the sensor. One of them must be a multiple of the other. For an
         *     instantaneous sensor, it selects the instants at its steps.
         */
        ChartResolution: string;
    };
    requestBodies: never;
    headers: {
        /** @description Seconds to wait before you try again. */
        RetryAfter: number;
        /** @description Number of items on all pages. Only if `page` or `per_page` was given. */
        TotalCount: number;
        /** @description Links to the previous and the next page. Only if `page` or `per_page` was given. */
        PageLinks: string;
        /** @description Identifies the content. A request with this value in `If-None-Match` gets 304 as long as the content is the same. */
        ETag: string;
        /** @description Date since which something that the request used is deprecated. Absent if nothing is. */
        Deprecation: string;
        /** @description Date from which the deprecated thing may stop working. Only with `Deprecation`. */
        Sunset: string;
        /** @description Pages that explain the deprecation and the sunset. Only with `Deprecation`. */
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
                     *       "flexmeasures_version": "0.33.1",
                     *       "message": "For these API versions endpoints are available. An authentication token can be requested at: /api/requestAuthToken. For a list of services, see https://flexmeasures.readthedocs.io",
                     *       "status": 200,
                     *       "versions": [
                     *         "v1",
                     *         "v1_1",
                     *         "v1_2",
                     *         "v1_3",
                     *         "v2_0",
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
    listServices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The services, ordered by URL. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "services": [
                     *         {
                     *           "url": "http://localhost:5000/api/v3_0/assets",
                     *           "name": "GET /assets",
                     *           "description": "List assets."
                     *         }
                     *       ],
                     *       "version": "3.0",
                     *       "message": "Request has been processed.",
                     *       "status": "PROCESSED"
                     *     }
                     */
                    "application/json": components["schemas"]["Services"];
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
    ping: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The server runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "ok",
                     *       "status": 200
                     *     }
                     */
                    "application/json": components["schemas"]["Ping"];
                };
            };
            400: components["responses"]["BadRequest"];
            default: components["responses"]["Failure"];
        };
    };
    getLatestTaskRun: {
        parameters: {
            query?: {
                /** @description Name of the task; required, but without it the answer is 401 or 403 if the token is wrong. */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The latest run of the task. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "OK",
                     *       "reason": "",
                     *       "lastrun": "2026-11-22T21:50:00+00:00",
                     *       "frequency": 10,
                     *       "process": "FlexMeasures",
                     *       "server": ""
                     *     }
                     */
                    "application/json": components["schemas"]["TaskRun"];
                };
            };
            /** @description The name is missing, or the request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ERROR",
                     *       "reason": "No task name given.",
                     *       "lastrun": "1970-01-01T00:00:00",
                     *       "frequency": 10,
                     *       "process": "FlexMeasures",
                     *       "server": ""
                     *     }
                     */
                    "application/json": components["schemas"]["Rejection"] | components["schemas"]["TaskRun"];
                };
            };
            /** @description The request has no token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ERROR",
                     *       "reason": "Not authenticated to check task status.",
                     *       "lastrun": "1970-01-01T00:00:00",
                     *       "frequency": 10,
                     *       "process": "FlexMeasures",
                     *       "server": ""
                     *     }
                     */
                    "application/json": components["schemas"]["TaskRun"];
                };
            };
            /** @description The token is not the token for task checks. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ERROR",
                     *       "reason": "Not authorized to check task status.",
                     *       "lastrun": "1970-01-01T00:00:00",
                     *       "frequency": 10,
                     *       "process": "FlexMeasures",
                     *       "server": ""
                     *     }
                     */
                    "application/json": components["schemas"]["TaskRun"];
                };
            };
            /** @description No run of the task was recorded. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ERROR",
                     *       "reason": "Task my_task has no last run time.",
                     *       "lastrun": "1970-01-01T00:00:00",
                     *       "frequency": 10,
                     *       "process": "FlexMeasures",
                     *       "server": ""
                     *     }
                     */
                    "application/json": components["schemas"]["TaskRun"];
                };
            };
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    postLatestTaskRun: {
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
                 *       "name": "get_weather_forecasts",
                 *       "status": "True"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["TaskRunForm"];
                /**
                 * @example {
                 *       "name": "get_weather_forecasts",
                 *       "status": "False",
                 *       "datetime": "2026-11-22T21:50:00+00:00"
                 *     }
                 */
                "multipart/form-data": components["schemas"]["TaskRunForm"];
            };
        };
        responses: {
            /** @description The run was recorded. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "OK"
                     *     }
                     */
                    "application/json": components["schemas"]["TaskRunReceipt"];
                };
            };
            /** @description A field is missing or invalid, or the form cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ERROR",
                     *       "reason": "No task name given."
                     *     }
                     */
                    "application/json": components["schemas"]["Rejection"] | components["schemas"]["TaskRunFailure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
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
            /** @description The e-mail address or the password is missing, or the body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MissingCredentials"];
                };
            };
            /** @description No active user has these credentials. */
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
            /** @description The password is right, and the code of the second factor is missing or wrong. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rejection"];
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
                /** @description Account whose items are listed; by default, the account of the user. Admins and admin-readers can list other accounts. */
                account_id?: components["parameters"]["AccountIdOfList"];
                /** @description Newer name of `account_id`. */
                account?: components["parameters"]["AccountOfList"];
                /** @description List the assets of all accounts that the user may read, and public assets. Not used with an account. Since v3.0-20. */
                all_accessible?: components["parameters"]["AllAccessible"];
                /** @description List public assets as well. Not used with an account. */
                include_public?: components["parameters"]["IncludePublic"];
                /** @description List this asset and all assets below it, of all accounts that the user may read unless one is named. Since v3.0-29. */
                root?: components["parameters"]["RootOfList"];
                /** @description Number of levels below `root`; by default, all of them. Since v3.0-29. */
                depth?: components["parameters"]["DepthOfList"];
                /** @description List only assets of this type. */
                asset_type?: components["parameters"]["AssetTypeOfList"];
                /** @description Names of the fields to answer, separated by `|`; by default, all. The id is always there. Since v3.0-29. */
                fields?: components["parameters"]["AssetFieldNames"];
                /** @description Order of the assets; `owner` is the name of the account. */
                sort_by?: components["parameters"]["SortAssetsBy"];
                /** @description The same as `sort_by`. */
                "sort-by"?: components["parameters"]["SortAssetsByHyphen"];
                /** @description Direction of the order. */
                "sort-dir"?: components["parameters"]["SortDirection"];
                /** @description Older name of `sort-dir`. */
                sort_dir?: components["parameters"]["SortDirectionWithUnderscore"];
                /** @description Number of the page, from 1. Without `page` and `per_page`, the answer is a list of all items. */
                page?: components["parameters"]["PageOfAssets"];
                /** @description Items per page; 10 if only `page` is given. */
                per_page?: components["parameters"]["PerPageOfAssets"];
                /** @description The same as `per_page`. */
                "per-page"?: components["parameters"]["PerPageHyphen"];
                /** @description Words, or phrases in quotation marks. An item is listed if it contains one of them. Case is ignored. */
                filter?: components["parameters"]["SearchTerms"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The assets. */
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
                    "application/json": components["schemas"]["AssetInList"][] | components["schemas"]["AssetRecords"];
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
            header?: {
                /** @description A key that the client chooses, so that the request can be repeated without being carried out twice. See above. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
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
                     *       "child_assets": [],
                     *       "description": null,
                     *       "external_id": null,
                     *       "flex_context": "{}",
                     *       "flex_model": "{}",
                     *       "generic_asset_type": {
                     *         "id": 5,
                     *         "name": "battery"
                     *       },
                     *       "owner": {
                     *         "id": 1,
                     *         "name": "Toy Account"
                     *       },
                     *       "parent_asset_id": null,
                     *       "sensors_to_show": "[]",
                     *       "sensors_to_show_as_kpis": "[]",
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
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are missing, unknown or invalid. */
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
                /** @description Names of the fields to answer, separated by `|`; by default, all. The id is always there. Since v3.0-29. */
                fields?: components["parameters"]["AssetFieldNames"];
                /** @description Number of the page, from 1. Without `page` and `per_page`, the answer is a list of all items. */
                page?: components["parameters"]["PageOfAssets"];
                /** @description Items per page; 10 if only `page` is given. */
                per_page?: components["parameters"]["PerPageOfAssets"];
                /** @description The same as `per_page`. */
                "per-page"?: components["parameters"]["PerPageHyphen"];
                /** @description Words, or phrases in quotation marks. An item is listed if it contains one of them. Case is ignored. */
                filter?: components["parameters"]["SearchTerms"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The assets, ordered by id. */
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
                    "application/json": components["schemas"]["AssetInList"][];
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
                /** @description Number of the page, from 1. Without `page` and `per_page`, the answer has all items. */
                page?: components["parameters"]["Page"];
                /** @description Items per page; 100 if only `page` is given. */
                per_page?: components["parameters"]["PerPage"];
                /** @description The same as `per_page`. */
                "per-page"?: components["parameters"]["PerPageHyphen"];
                /** @description Text that the name of an item must contain. Case is ignored. */
                filter?: components["parameters"]["Filter"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The types, ordered by id. */
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
                     *       "child_assets": [],
                     *       "description": null,
                     *       "external_id": null,
                     *       "flex_context": "{}",
                     *       "flex_model": "{}",
                     *       "generic_asset_type": {
                     *         "id": 5,
                     *         "name": "battery"
                     *       },
                     *       "owner": {
                     *         "id": 1,
                     *         "name": "Toy Account"
                     *       },
                     *       "parent_asset_id": null,
                     *       "sensors_to_show": "[3, 2]",
                     *       "sensors_to_show_as_kpis": "[]",
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
            /** @description The asset was deleted. The response has no body; its `Content-Type` is `application/json`. */
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
            /** @description The changed asset. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_id": 1,
                     *       "attributes": "{\"capacity_in_mw\": 0.5, \"min_soc_in_mwh\": 0.05, \"max_soc_in_mwh\": 0.45, \"sensors_to_show\": [3, 2]}",
                     *       "child_assets": [],
                     *       "description": null,
                     *       "external_id": null,
                     *       "flex_context": "{}",
                     *       "flex_model": "{}",
                     *       "generic_asset_type": {
                     *         "id": 5,
                     *         "name": "battery"
                     *       },
                     *       "owner": {
                     *         "id": 1,
                     *         "name": "Toy Account"
                     *       },
                     *       "parent_asset_id": null,
                     *       "sensors_to_show": "[3, 2]",
                     *       "sensors_to_show_as_kpis": "[]",
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
            /** @description Fields are unknown or invalid. */
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
    listAssetSensors: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. Without `page` and `per_page`, the answer is a list of all items. */
                page?: components["parameters"]["PageOfAssets"];
                /** @description Items per page; 10 if only `page` is given. */
                per_page?: components["parameters"]["PerPageOfAssets"];
                /** @description The same as `per_page`. */
                "per-page"?: components["parameters"]["PerPageHyphen"];
                /** @description Words, or phrases in quotation marks. One of them must be part of the name of a sensor, or the first digits of its id. */
                filter?: components["parameters"]["SearchTermsOfSensors"];
                /** @description Order of the sensors. */
                sort_by?: components["parameters"]["SortSensorsBy"];
                /** @description The same as `sort_by`. */
                "sort-by"?: components["parameters"]["SortSensorsByHyphen"];
                /** @description Direction of the order. */
                "sort-dir"?: components["parameters"]["SortDirection"];
                /** @description Older name of `sort-dir`. */
                sort_dir?: components["parameters"]["SortDirectionWithUnderscore"];
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
            /** @description The sensors, ordered by id by default. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "entity_address": "ea1.2026-12.localhost:fm1.2",
                     *           "event_resolution": "PT15M",
                     *           "generic_asset_id": 3,
                     *           "id": 2,
                     *           "name": "discharging",
                     *           "timezone": "Europe/Amsterdam",
                     *           "unit": "MW"
                     *         }
                     *       ],
                     *       "filtered-records": 1,
                     *       "num-records": 1
                     *     }
                     */
                    "application/json": components["schemas"]["SensorRecords"];
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
    listAssetJobs: {
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
            /** @description The jobs, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "jobs": [
                     *         {
                     *           "asset_or_sensor_type": "sensor",
                     *           "asset_id": 3,
                     *           "enqueued_at": "2026-11-23T06:00:00.000Z",
                     *           "entity": "sensor: discharging (Id: 2)",
                     *           "err": null,
                     *           "job_id": "364bfd06-c1fa-430b-8d25-8f5a547651fb",
                     *           "metadata": "{\"job_id\":\"364bfd06-c1fa-430b-8d25-8f5a547651fb\",\"kind\":\"schedule\",\"sensor_id\":2}",
                     *           "metadata_hash": "0c1c6b9a6ce2c1d4c4b0f9d3e2a7f7f0f6a5f3e8c9f1b2d3e4f5a6b7c8d9e0f1",
                     *           "queue": "scheduling",
                     *           "status": "finished"
                     *         }
                     *       ],
                     *       "redis_connection_err": null
                     *     }
                     */
                    "application/json": components["schemas"]["AssetJobs"];
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
    getAssetKpis: {
        parameters: {
            query: {
                /** @description Start of the period, with a time zone. */
                start: components["parameters"]["KpisStart"];
                /** @description End of the period, with a time zone. */
                end: components["parameters"]["KpisEnd"];
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
            /** @description The key figures. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "downsample_function": "sum",
                     *           "downsample_value": 3.5,
                     *           "sensor": 7,
                     *           "title": "Costs",
                     *           "unit": "EUR"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AssetKpis"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidQuery"];
            429: components["responses"]["TooManyReads"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getAssetEnergyBalance: {
        parameters: {
            query: {
                /** @description Start of the period, with a time zone. */
                start: components["parameters"]["KpisStart"];
                /** @description End of the period, with a time zone. */
                end: components["parameters"]["KpisEnd"];
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
            /** @description The balance. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "start": "2026-11-23T00:00:00+01:00",
                     *       "resolution": "PT15M",
                     *       "now": "2026-11-23T00:15:00+01:00",
                     *       "timezone": "Europe/Amsterdam",
                     *       "currency": "EUR",
                     *       "parts": [
                     *         {
                     *           "sensor": 4,
                     *           "name": "consumption (house)",
                     *           "kind": "load"
                     *         },
                     *         {
                     *           "sensor": 5,
                     *           "name": "battery power (battery)",
                     *           "kind": "storage"
                     *         }
                     *       ],
                     *       "flows": {
                     *         "import": [
                     *           3,
                     *           null
                     *         ],
                     *         "export": [
                     *           0,
                     *           null
                     *         ],
                     *         "production": [
                     *           0,
                     *           0
                     *         ],
                     *         "charge": [
                     *           2,
                     *           null
                     *         ],
                     *         "discharge": [
                     *           0,
                     *           null
                     *         ],
                     *         "flexible": [
                     *           0,
                     *           0
                     *         ],
                     *         "inflexible": [
                     *           1,
                     *           1
                     *         ]
                     *       },
                     *       "days": [
                     *         {
                     *           "date": "2026-11-23",
                     *           "import": 0.75,
                     *           "export": 0,
                     *           "production": 0,
                     *           "charge": 0.5,
                     *           "discharge": 0,
                     *           "flexible": 0,
                     *           "inflexible": 0.25,
                     *           "cost": 0.15,
                     *           "revenue": 0,
                     *           "unknown_hours": 0.25
                     *         }
                     *       ],
                     *       "notes": []
                     *     }
                     */
                    "application/json": components["schemas"]["EnergyBalance"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidQuery"];
            429: components["responses"]["TooManyReads"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    copyAsset: {
        parameters: {
            query?: {
                /** @description Account of the copy. Without `parent`, the copy has no parent then. */
                account?: components["parameters"]["AccountOfCopy"];
                /** @description Asset below which the copy goes. Without `account`, the copy belongs to the account of this asset. */
                parent?: components["parameters"]["ParentOfCopy"];
            };
            header?: {
                /** @description A key that the client chooses, so that the request can be repeated without being carried out twice. See above. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Id of the asset. */
                id: components["parameters"]["AssetId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of the copy. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "asset": 5,
                     *       "message": "Successfully copied asset 3."
                     *     }
                     */
                    "application/json": components["schemas"]["AssetCopy"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["InvalidQuery"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getAssetChart: {
        parameters: {
            query?: {
                /** @description Newer name of `event_starts_after`. */
                start?: components["parameters"]["ChartStart"];
                /** @description Newer name of `event_ends_before`. */
                end?: components["parameters"]["ChartEnd"];
                /** @description Length of the window, with either `start` or `end`. */
                duration?: components["parameters"]["ChartDuration"];
                /** @description Newer name of `beliefs_before`. */
                prior?: components["parameters"]["ChartPrior"];
                /** @description Only events that start at this time or later. */
                event_starts_after?: components["parameters"]["EventStartsAfter"];
                /** @description Only events that end at this time or earlier. */
                event_ends_before?: components["parameters"]["EventEndsBefore"];
                /** @description Only beliefs that were recorded at this time or later. */
                beliefs_after?: components["parameters"]["BeliefsAfter"];
                /** @description Only beliefs that were recorded at this time or earlier. */
                beliefs_before?: components["parameters"]["BeliefsBefore"];
                /** @description Whether the specification includes the data. If not, get it from `chart_data`. */
                include_data?: components["parameters"]["IncludeData"];
                /** @description Width in pixels; by default, the width of the HTML element that contains the chart. */
                width?: components["parameters"]["ChartWidth"];
                /** @description Height in pixels. If there are several panels, this is the height of each. */
                height?: components["parameters"]["ChartHeight"];
                /** @description Theme of the chart. */
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
                /** @description Newer name of `event_starts_after`. */
                start?: components["parameters"]["ChartStart"];
                /** @description Newer name of `event_ends_before`. */
                end?: components["parameters"]["ChartEnd"];
                /** @description Length of the window, with either `start` or `end`. */
                duration?: components["parameters"]["ChartDuration"];
                /** @description Newer name of `beliefs_before`. */
                prior?: components["parameters"]["ChartPrior"];
                /** @description Only events that start at this time or later. */
                event_starts_after?: components["parameters"]["EventStartsAfter"];
                /** @description Only events that end at this time or earlier. */
                event_ends_before?: components["parameters"]["EventEndsBefore"];
                /** @description Only beliefs that were recorded at this time or later. */
                beliefs_after?: components["parameters"]["BeliefsAfter"];
                /** @description Only beliefs that were recorded at this time or earlier. */
                beliefs_before?: components["parameters"]["BeliefsBefore"];
                /** @description Whether to return only the most recent belief of each source about an event, or all beliefs. */
                most_recent_beliefs_only?: components["parameters"]["MostRecentBeliefsOnly"];
                /**
                 * @description Form of the data: `rows`, one object per belief, or `columns`, lists of numbers per sensor, source and cumulative
                 *     probability, which are a tenth as large.
                 */
                format?: components["parameters"]["ChartDataFormat"];
                /**
                 * @description Only with `format=columns` and the most recent beliefs: the maximum number of values per series, for example the width
                 *     of the chart in pixels. Where the window has more events, each value is the mean of an equal part of the window, with
                 *     its minimum and maximum. Without a window, it goes from the first to the last event of the sensor.
                 */
                buckets?: components["parameters"]["ChartBuckets"];
                /**
                 * @description Only with `format=columns`: whether values of events come with the times at which they were recorded; means in buckets have
                 *     none. With `most_recent_beliefs_only=false`, a client can show what was known at any moment.
                 */
                belief_times?: components["parameters"]["ChartBeliefTimes"];
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
            /** @description The beliefs, ordered by event start. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssetChartBelief"][] | components["schemas"]["ChartColumns"];
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
    getAssetChartAnnotations: {
        parameters: {
            query?: {
                /** @description Only annotations that end after this time. */
                start?: components["parameters"]["AnnotationsStart"];
                /** @description Only annotations that start before this time. */
                end?: components["parameters"]["AnnotationsEnd"];
                /** @description Length of the window, with either `start` or `end`. */
                duration?: components["parameters"]["AnnotationsDuration"];
                /** @description Only annotations that were made at this time or earlier, or whose time is not known. */
                prior?: components["parameters"]["AnnotationsPrior"];
                /** @description Whether annotations start and end with the window. */
                clip?: components["parameters"]["AnnotationsClip"];
                /** @description Only events that start at this time or later. */
                event_starts_after?: components["parameters"]["EventStartsAfter"];
                /** @description Only events that end at this time or earlier. */
                event_ends_before?: components["parameters"]["EventEndsBefore"];
                /** @description Only beliefs that were recorded at this time or later. */
                beliefs_after?: components["parameters"]["BeliefsAfter"];
                /** @description Only beliefs that were recorded at this time or earlier. */
                beliefs_before?: components["parameters"]["BeliefsBefore"];
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
            /** @description The annotations, ordered by start. */
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
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidWindow"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    listAnnotationsOfAsset: {
        parameters: {
            query?: {
                /** @description Only annotations that end after this time. */
                start?: components["parameters"]["AnnotationsOverlapStart"];
                /** @description Only annotations that start before this time. */
                end?: components["parameters"]["AnnotationsOverlapEnd"];
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
            /** @description The annotations, ordered by start. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": 19,
                     *         "source": 1,
                     *         "content": "Christmas Day",
                     *         "start": "2026-12-24T23:00:00+00:00",
                     *         "end": "2026-12-25T23:00:00+00:00",
                     *         "type": "holiday",
                     *         "prior": null
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Annotation"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description A time is not valid, or there are more than 10,000 annotations. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": {
                     *         "query": {
                     *           "start": [
                     *             "Not a valid datetime."
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
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    annotateAsset: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key that the client chooses, so that the request can be repeated without being carried out twice. See above. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
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
                 *       "content": "Christmas Day",
                 *       "start": "2026-12-25T00:00:00+01:00",
                 *       "end": "2026-12-26T00:00:00+01:00",
                 *       "type": "holiday"
                 *     }
                 */
                "application/json": components["schemas"]["AnnotationPost"];
            };
        };
        responses: {
            /** @description The annotation, which existed before. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 19,
                     *       "source": 1,
                     *       "content": "Christmas Day",
                     *       "start": "2026-12-24T23:00:00+00:00",
                     *       "end": "2026-12-25T23:00:00+00:00",
                     *       "type": "holiday",
                     *       "prior": null
                     *     }
                     */
                    "application/json": components["schemas"]["Annotation"];
                };
            };
            /** @description The new annotation. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 19,
                     *       "source": 1,
                     *       "content": "Christmas Day",
                     *       "start": "2026-12-24T23:00:00+00:00",
                     *       "end": "2026-12-25T23:00:00+00:00",
                     *       "type": "holiday",
                     *       "prior": null
                     *     }
                     */
                    "application/json": components["schemas"]["Annotation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are missing, unknown or invalid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": {
                     *         "json": {
                     *           "end": [
                     *             "The end of an annotation must be after its start."
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
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    deleteAnnotationOfAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the asset. */
                id: components["parameters"]["AssetId"];
                /** @description Id of the annotation. */
                annotation_id: components["parameters"]["AnnotationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The annotation was deleted. */
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
    updateAnnotationOfAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the asset. */
                id: components["parameters"]["AssetId"];
                /** @description Id of the annotation. */
                annotation_id: components["parameters"]["AnnotationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "content": "Christmas Day",
                 *       "type": "holiday"
                 *     }
                 */
                "application/json": components["schemas"]["AnnotationPatch"];
            };
        };
        responses: {
            /** @description The annotation as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 19,
                     *       "source": 1,
                     *       "content": "Christmas Day",
                     *       "start": "2026-12-24T23:00:00+00:00",
                     *       "end": "2026-12-25T23:00:00+00:00",
                     *       "type": "holiday",
                     *       "prior": null
                     *     }
                     */
                    "application/json": components["schemas"]["Annotation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are unknown or invalid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": {
                     *         "json": {
                     *           "end": [
                     *             "The end of an annotation must be after its start."
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
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    listSensors: {
        parameters: {
            query?: {
                /** @description Newer name of `account_id`. */
                account?: components["parameters"]["AccountOfList"];
                /** @description Account whose items are listed; by default, the account of the user. Admins and admin-readers can list other accounts. */
                account_id?: components["parameters"]["AccountIdOfList"];
                /** @description List only the sensors of this asset and of the assets below it. It may be a public asset, otherwise the user must be able to read it. `account` and `account_id` must not name another account. */
                asset?: components["parameters"]["AssetOfList"];
                /** @description The same as `asset`. */
                asset_id?: components["parameters"]["AssetIdOfList"];
                /** @description Whether to list the sensors of public assets, too. */
                include_public_assets?: components["parameters"]["IncludePublicAssets"];
                /** @description The same as `include_public_assets`. */
                "include-public-assets"?: components["parameters"]["IncludePublicAssetsHyphenated"];
                /** @description Whether to list the sensors of the clients of the account, too, as far as the user may read them: for consultants. Has no effect with `asset`. */
                include_consultancy_clients?: components["parameters"]["IncludeConsultancyClients"];
                /** @description The same as `include_consultancy_clients`. */
                "include-consultancy-clients"?: components["parameters"]["IncludeConsultancyClientsHyphenated"];
                /** @description Number of the page, from 1. With it, the answer is an object. */
                page?: components["parameters"]["PageOfSensors"];
                /** @description Items per page; 10 by default. With it, the answer is an object. */
                per_page?: components["parameters"]["PerPageOfSensors"];
                /** @description The same as `per_page`. */
                "per-page"?: components["parameters"]["PerPageHyphen"];
                /** @description Text that the name of a sensor, its asset or its account must contain, or the first digits of the id of the sensor. Case is ignored. */
                filter?: components["parameters"]["FilterOfSensors"];
                /** @description List only sensors with this unit. */
                unit?: components["parameters"]["UnitOfList"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sensors, ordered by id, as a list, or as a page if `page` or `per-page` is given. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["TotalCount"];
                    Link: components["headers"]["PageLinks"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sensor"][] | components["schemas"]["SensorPage"];
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
            header?: {
                /** @description A key that the client chooses, so that the request can be repeated without being carried out twice. See above. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
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
                     *       "event_resolution": "PT0H",
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
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are missing, unknown or invalid. */
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
                /** @description Start of the window, with a time zone. `start` in the answer has the same offset. */
                start: components["parameters"]["DataStart"];
                /** @description Duration of the window. */
                duration: components["parameters"]["DataDuration"];
                /** @description Unit of the returned values. The unit of the sensor must be convertible to it. */
                unit: components["parameters"]["DataUnit"];
                /**
                 * @description Step of the values; by default, the resolution of the sensor. One of them must be a multiple of the other. Longer steps
                 *     get the mean of flows, prices and readings, and the sum of stocks such as energy. Shorter steps repeat flows and split
                 *     stocks. For an instantaneous sensor, it selects the instants. By default, their distance depends on the length of the
                 *     window and is between 5 minutes and a week.
                 */
                resolution?: components["parameters"]["DataResolution"];
                /**
                 * @description What energy (and any other amount) of a step is if only a part of the step is known: `unknown` (null), or `scale`, which
                 *     scales the known part up to the whole step. The message says of how many steps only a part is known.
                 */
                partial?: components["parameters"]["DataPartial"];
                /**
                 * @description Only beliefs that were recorded at least this long before the end of the event. A negative horizon selects beliefs that
                 *     were recorded at most this long after the end. Of these, the most recent belief is returned.
                 */
                horizon?: components["parameters"]["DataHorizon"];
                /** @description Only beliefs that were recorded at this time or earlier. Of these, the most recent belief is returned. */
                prior?: components["parameters"]["DataPrior"];
                /** @description Only beliefs of the data source with this id. */
                source?: components["parameters"]["DataSource"];
                /** @description Only beliefs of sources of the users of this account. */
                "source-account"?: components["parameters"]["DataSourceAccount"];
                /** @description Only beliefs of sources of this type; `forecaster` and `scheduler` are other names of `forecasting script` and `scheduling script`. */
                "source-type"?: components["parameters"]["DataSourceType"];
                /**
                 * @description Kind of request. `GetMeterDataRequest` returns beliefs that were recorded after the event, `GetPrognosisRequest`
                 *     beliefs that were recorded before it. These two and `GetPriceDataRequest` also check the unit of the sensor.
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
            /** @description Parameters are missing, unknown or invalid. */
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
            header?: {
                /** @description A key that the client chooses, so that the request can be repeated without being carried out twice. See above. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
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
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are missing, unknown or invalid. */
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
                     *       "event_resolution": "PT15M",
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
            /** @description The sensor was deleted. The response has no body; its `Content-Type` is `application/json`. */
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
            /** @description The changed sensor. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attributes": "{\"is_strictly_non_negative\": false}",
                     *       "entity_address": "ea1.2026-12.localhost:fm1.2",
                     *       "event_resolution": "PT15M",
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
            /** @description Fields are unknown or invalid, or no sensor has the id in the path. */
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
                /** @description Start of the window, with a time zone. `start` in the answer has the same offset. */
                start: components["parameters"]["DataStart"];
                /** @description Duration of the window. */
                duration: components["parameters"]["DataDuration"];
                /** @description Unit of the returned values; by default, the unit of the sensor. */
                unit?: components["parameters"]["DataUnitOfSensor"];
                /**
                 * @description Step of the values; by default, the resolution of the sensor. One of them must be a multiple of the other. Longer steps
                 *     get the mean of flows, prices and readings, and the sum of stocks such as energy. Shorter steps repeat flows and split
                 *     stocks. For an instantaneous sensor, it selects the instants. By default, their distance depends on the length of the
                 *     window and is between 5 minutes and a week.
                 */
                resolution?: components["parameters"]["DataResolution"];
                /**
                 * @description What energy (and any other amount) of a step is if only a part of the step is known: `unknown` (null), or `scale`, which
                 *     scales the known part up to the whole step. The message says of how many steps only a part is known.
                 */
                partial?: components["parameters"]["DataPartial"];
                /**
                 * @description Only beliefs that were recorded at least this long before the end of the event. A negative horizon selects beliefs that
                 *     were recorded at most this long after the end. Of these, the most recent belief is returned.
                 */
                horizon?: components["parameters"]["DataHorizon"];
                /** @description Only beliefs that were recorded at this time or earlier. Of these, the most recent belief is returned. */
                prior?: components["parameters"]["DataPrior"];
                /** @description Only beliefs of the data source with this id. */
                source?: components["parameters"]["DataSource"];
                /** @description Only beliefs of sources of the users of this account. */
                "source-account"?: components["parameters"]["DataSourceAccount"];
                /** @description Only beliefs of sources of this type; `forecaster` and `scheduler` are other names of `forecasting script` and `scheduling script`. */
                "source-type"?: components["parameters"]["DataSourceType"];
                /**
                 * @description Kind of request. `GetMeterDataRequest` returns beliefs that were recorded after the event, `GetPrognosisRequest`
                 *     beliefs that were recorded before it. These two and `GetPriceDataRequest` also check the unit of the sensor.
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
            /** @description Parameters are missing, unknown or invalid, or no sensor has the id in the path. */
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
            header?: {
                /** @description A key that the client chooses, so that the request can be repeated without being carried out twice. See above. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
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
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            /** @description Fields or the file are missing or invalid, or no sensor has the id in the path. */
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
    deleteDataOfSensor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "start": "2026-11-23T00:00:00+01:00",
                 *       "until": "2026-11-24T00:00:00+01:00",
                 *       "source": 1
                 *     }
                 */
                "application/json": components["schemas"]["DataDeletion"];
            };
        };
        responses: {
            /** @description The data was deleted, or there was none. The response has no body; its `Content-Type` is `application/json`. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are unknown or invalid, or no sensor has the id in the path. */
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
    uploadDataOfSensor: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key that the client chooses, so that the request can be repeated without being carried out twice. See above. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
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
                 *       "uploaded-files": [
                 *         "Hour,Price\n2026-11-23T00:00:00Z,10\n2026-11-23T01:00:00Z,11\n"
                 *       ],
                 *       "unit": "EUR/MWh",
                 *       "belief-time-measured-instantly": true
                 *     }
                 */
                "multipart/form-data": components["schemas"]["DataFilesUpload"];
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
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            /** @description Fields or files are missing or invalid, or no sensor has the id in the path. */
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
                /** @description Only events that start at this time or later. */
                event_starts_after?: components["parameters"]["EventStartsAfter"];
                /** @description Only events that end at this time or earlier. */
                event_ends_before?: components["parameters"]["EventEndsBefore"];
                /** @description The same as `event_starts_after`. */
                event_start_time?: components["parameters"]["EventStartTime"];
                /** @description Only events that start before this time. */
                event_end_time?: components["parameters"]["EventEndTime"];
                /** @description Whether the figures in the fields that are named after the sources are sorted by name. If not, each of these fields is a list of names and values. */
                sort?: components["parameters"]["SortOfStats"];
                /** @description For clients of FlexMeasures. The figures are always computed from the current data. */
                fresh?: components["parameters"]["FreshStats"];
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
            /** @description The figures. The list is empty if there is no data. */
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
                     *       "toy-user (ID: 1)": {
                     *         "First event start": "2026-11-23T01:00:00+01:00",
                     *         "Last event end": "2026-11-24T01:00:00+01:00",
                     *         "Last recorded": "2026-11-22T12:00:00+01:00",
                     *         "Max value": 18,
                     *         "Mean value": 10.104166666666666,
                     *         "Min value": 4,
                     *         "Number of values": 24,
                     *         "Sum over values": 242.5
                     *       },
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
    getSensorStatus: {
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
            /** @description The status. There is one entry without a source type if there is no data. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sensors_data": [
                     *         {
                     *           "id": 2,
                     *           "name": "discharging",
                     *           "asset_name": "toy-battery",
                     *           "resolution": "PT15M",
                     *           "source_type": "user",
                     *           "stale": true,
                     *           "staleness": "PT2H",
                     *           "staleness_since": "2026-11-23T10:15:00+01:00",
                     *           "reason": "The latest value is about 2026-11-23T10:00:00+01:00. The next one was expected by 2026-11-23T10:47:00+01:00.",
                     *           "relation": "sensor belongs to this asset"
                     *         }
                     *       ],
                     *       "status": 200
                     *     }
                     */
                    "application/json": components["schemas"]["SensorStatusAnswer"];
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
    listAnnotationsOfSensor: {
        parameters: {
            query?: {
                /** @description Only annotations that end after this time. */
                start?: components["parameters"]["AnnotationsOverlapStart"];
                /** @description Only annotations that start before this time. */
                end?: components["parameters"]["AnnotationsOverlapEnd"];
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
            /** @description The annotations, ordered by start. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": 19,
                     *         "source": 1,
                     *         "content": "Christmas Day",
                     *         "start": "2026-12-24T23:00:00+00:00",
                     *         "end": "2026-12-25T23:00:00+00:00",
                     *         "type": "holiday",
                     *         "prior": null
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Annotation"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description A time is not valid, no sensor has the id in the path, or there are more than 10,000 annotations. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": {
                     *         "query": {
                     *           "start": [
                     *             "Not a valid datetime."
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
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    annotateSensor: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key that the client chooses, so that the request can be repeated without being carried out twice. See above. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
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
                 *       "content": "Christmas Day",
                 *       "start": "2026-12-25T00:00:00+01:00",
                 *       "end": "2026-12-26T00:00:00+01:00",
                 *       "type": "holiday"
                 *     }
                 */
                "application/json": components["schemas"]["AnnotationPost"];
            };
        };
        responses: {
            /** @description The annotation, which existed before. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 19,
                     *       "source": 1,
                     *       "content": "Christmas Day",
                     *       "start": "2026-12-24T23:00:00+00:00",
                     *       "end": "2026-12-25T23:00:00+00:00",
                     *       "type": "holiday",
                     *       "prior": null
                     *     }
                     */
                    "application/json": components["schemas"]["Annotation"];
                };
            };
            /** @description The new annotation. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 19,
                     *       "source": 1,
                     *       "content": "Christmas Day",
                     *       "start": "2026-12-24T23:00:00+00:00",
                     *       "end": "2026-12-25T23:00:00+00:00",
                     *       "type": "holiday",
                     *       "prior": null
                     *     }
                     */
                    "application/json": components["schemas"]["Annotation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are missing, unknown or invalid, or no sensor has the id in the path. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": {
                     *         "json": {
                     *           "end": [
                     *             "The end of an annotation must be after its start."
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
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    deleteAnnotationOfSensor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
                /** @description Id of the annotation. */
                annotation_id: components["parameters"]["AnnotationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The annotation was deleted. */
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
    updateAnnotationOfSensor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
                /** @description Id of the annotation. */
                annotation_id: components["parameters"]["AnnotationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "content": "Christmas Day",
                 *       "type": "holiday"
                 *     }
                 */
                "application/json": components["schemas"]["AnnotationPatch"];
            };
        };
        responses: {
            /** @description The annotation as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 19,
                     *       "source": 1,
                     *       "content": "Christmas Day",
                     *       "start": "2026-12-24T23:00:00+00:00",
                     *       "end": "2026-12-25T23:00:00+00:00",
                     *       "type": "holiday",
                     *       "prior": null
                     *     }
                     */
                    "application/json": components["schemas"]["Annotation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are unknown or invalid, or no sensor has the id in the path. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": {
                     *         "json": {
                     *           "end": [
                     *             "The end of an annotation must be after its start."
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
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getSensorAccuracy: {
        parameters: {
            query?: {
                /** @description Only events that start at this time or later. */
                event_starts_after?: components["parameters"]["EventStartsAfter"];
                /** @description Only events that end at this time or earlier. */
                event_ends_before?: components["parameters"]["EventEndsBefore"];
                /** @description How long before the end of its event a forecast must have been made, for example PT6H. By default, the horizons for which the sensor is forecast. */
                horizon?: components["parameters"]["AccuracyHorizon"];
                /** @description Id of a data source. Only its forecasts are compared. */
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
            /** @description The figures. The list is empty if there is nothing to compare. */
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
    triggerForecast: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key that the client chooses, so that the request can be repeated without being carried out twice. See above. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForecastPost"];
            };
        };
        responses: {
            /** @description The job is queued. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ACCEPTED",
                     *       "message": "Request has been accepted for processing.",
                     *       "job": "364bfd06-c1fa-430b-8d25-8f5a547651fb",
                     *       "forecast": "364bfd06-c1fa-430b-8d25-8f5a547651fb",
                     *       "job-url": "/api/v3_0/jobs/364bfd06-c1fa-430b-8d25-8f5a547651fb",
                     *       "results-url": "/api/v3_0/sensors/2/forecasts/364bfd06-c1fa-430b-8d25-8f5a547651fb"
                     *     }
                     */
                    "application/json": components["schemas"]["ForecastReceipt"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            /** @description The user may not do this, or may not read a sensor, an asset or an account that a field names. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "config.regressors.0: user 7 may not read sensor 53.",
                     *       "result": "Rejected",
                     *       "status": "INVALID_SENDER"
                     *     }
                     */
                    "application/json": components["schemas"]["Rejection"];
                };
            };
            /** @description An asset or an account that `annotation-regressors` names does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "There is no asset with id 999.",
                     *       "result": "Rejected",
                     *       "status": "NOT_FOUND"
                     *     }
                     */
                    "application/json": components["schemas"]["Rejection"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are unknown or invalid, or no sensor has the id in the path. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidationFailure"];
                };
            };
            429: components["responses"]["TooManyJobs"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getForecast: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
                /** @description UUID of the job. A schedule and its job have the same UUID. */
                uuid: components["parameters"]["JobUuid"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The forecasts, from the first to the last event that was forecast. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "PROCESSED",
                     *       "message": "Request has been processed.",
                     *       "start": "2026-11-23T00:00:00+01:00",
                     *       "duration": "PT1H",
                     *       "values": [
                     *         1.2,
                     *         1.5,
                     *         null,
                     *         0.8
                     *       ],
                     *       "unit": "kW"
                     *     }
                     */
                    "application/json": components["schemas"]["RequestedForecastAnswer"];
                };
            };
            /** @description The job has not ended. Ask again later. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "STARTED",
                     *       "message": "Forecasting job in progress."
                     *     }
                     */
                    "application/json": components["schemas"]["ForecastInProgress"];
                };
            };
            /** @description The request cannot be read, or the job made no forecast because all values were known. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "The job made no forecast, because all values were known before.",
                     *       "result": "Rejected",
                     *       "status": "UNKNOWN_FORECAST"
                     *     }
                     */
                    "application/json": components["schemas"]["Rejection"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description The job failed, there is no such job for the sensor, or no sensor has the id in the path. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidationFailure"] | components["schemas"]["Rejection"];
                };
            };
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    triggerSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key that the client chooses, so that the request can be repeated without being carried out twice. See above. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
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
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are missing, unknown or invalid, or the sensor cannot be scheduled. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidationFailure"];
                };
            };
            429: components["responses"]["TooManyJobs"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getSchedule: {
        parameters: {
            query?: {
                /** @description Duration of the returned part of the schedule, from its start; by default, the whole schedule. */
                duration?: components["parameters"]["ScheduleDuration"];
                /** @description Unit of the returned values, to which the unit of the sensor must be convertible; by default that unit. */
                unit?: components["parameters"]["ScheduleUnit"];
                /**
                 * @description Which direction of power is positive. `wysiwyg`: the values are as in the data of the sensor. States of charge are the
                 *     same for all of them.
                 */
                "sign-convention"?: components["parameters"]["SignConvention"];
            };
            header?: never;
            path: {
                /** @description Id of the sensor. */
                id: components["parameters"]["SensorId"];
                /** @description The UUID in the answer of `schedules/trigger`. */
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
            /** @description There is no such schedule, or it is not ready. */
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
            /** @description The duration is invalid, or no sensor has the id in the path. */
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
            header?: {
                /** @description A key that the client chooses, so that the request can be repeated without being carried out twice. See above. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
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
                     *       "job": "364bfd06-c1fa-430b-8d25-8f5a547651fb",
                     *       "job-url": "/api/v3_0/jobs/364bfd06-c1fa-430b-8d25-8f5a547651fb",
                     *       "results-url": "/api/v3_0/assets/3/schedules/364bfd06-c1fa-430b-8d25-8f5a547651fb",
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
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are missing, unknown or invalid, or a sensor cannot be scheduled. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidationFailure"];
                };
            };
            429: components["responses"]["TooManyJobs"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    previewSiteSchedule: {
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
                "application/json": components["schemas"]["SiteSchedulePreviewPost"];
            };
        };
        responses: {
            /** @description What the schedules would be. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "Request has been processed.",
                     *       "status": "PROCESSED",
                     *       "start": "2026-11-23T07:00:00+01:00",
                     *       "duration": "PT1H",
                     *       "resolution": "PT30M",
                     *       "cost": -2.5,
                     *       "currency": "EUR",
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
                     *       "gap": 0,
                     *       "fallback_reason": null,
                     *       "conflicts": [],
                     *       "unresolved": [],
                     *       "resolved": [],
                     *       "kpis": {
                     *         "consumed_in_mwh": 0.25,
                     *         "produced_in_mwh": 0.25,
                     *         "peak_consumption_in_mw": 0.5,
                     *         "peak_production_in_mw": 0.5,
                     *         "self_consumption": null,
                     *         "storages": [
                     *           {
                     *             "sensor": 2,
                     *             "charged_in_mwh": 0.25,
                     *             "discharged_in_mwh": 0.25,
                     *             "full_cycles": 0.5
                     *           }
                     *         ]
                     *       },
                     *       "warnings": [],
                     *       "remarks": [],
                     *       "without_flexibility": {
                     *         "cost": 0,
                     *         "kpis": {
                     *           "consumed_in_mwh": 0,
                     *           "produced_in_mwh": 0,
                     *           "peak_consumption_in_mw": 0,
                     *           "peak_production_in_mw": 0,
                     *           "self_consumption": null,
                     *           "storages": [
                     *             {
                     *               "sensor": 2,
                     *               "charged_in_mwh": 0,
                     *               "discharged_in_mwh": 0,
                     *               "full_cycles": 0
                     *             }
                     *           ]
                     *         }
                     *       },
                     *       "devices": [
                     *         {
                     *           "sensor": 2,
                     *           "unit": "MW",
                     *           "values": [
                     *             0.5,
                     *             -0.5
                     *           ],
                     *           "state_of_charge": [
                     *             225,
                     *             475,
                     *             225
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SchedulePreview"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForbiddenReference"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are missing, unknown or invalid, a sensor cannot be scheduled, or prices are unknown. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": {
                     *         "json": {
                     *           "flexibility.flex_model.soc-max": [
                     *             "Not a valid number or quantity of energy: 'EUR' cannot be converted to 'MWh'."
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
            429: components["responses"]["TooManyJobs"];
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
                /** @description The UUID in the answer of `schedules/trigger`. */
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
            /** @description There are no such schedules, or they are not ready. */
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
    listSchedulers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedulers, in the order of the plugins. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "schedulers": [
                     *         {
                     *           "name": "DummyScheduler",
                     *           "module": "our_client",
                     *           "author": "My Company",
                     *           "version": "2",
                     *           "plugin_version": "2.0"
                     *         }
                     *       ],
                     *       "status": 200
                     *     }
                     */
                    "application/json": components["schemas"]["SchedulerList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    listForecasters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The forecasters, in the order of the plugins. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "forecasters": [
                     *         {
                     *           "name": "Persistence",
                     *           "module": "our_client",
                     *           "author": null,
                     *           "version": null,
                     *           "plugin_version": "2.0"
                     *         }
                     *       ],
                     *       "status": 200
                     *     }
                     */
                    "application/json": components["schemas"]["ForecasterList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    listSources: {
        parameters: {
            query?: {
                /** @description Whether to list only the latest version of sources with the same name, type, model and account. */
                only_latest?: components["parameters"]["OnlyLatest"];
                /** @description The same as `only_latest`. */
                "only-latest"?: components["parameters"]["OnlyLatestHyphenated"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sources, ordered by id, and their types. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "types": [
                     *         "user",
                     *         "forecasting script",
                     *         "scheduling script",
                     *         "reporter",
                     *         "demo script",
                     *         "CLI script",
                     *         "crawling script"
                     *       ],
                     *       "sources": [
                     *         {
                     *           "id": 2,
                     *           "name": "Seita",
                     *           "type": "scheduling script",
                     *           "model": "StorageScheduler",
                     *           "version": "3",
                     *           "description": "Seita's StorageScheduler (v3) model",
                     *           "account_id": null,
                     *           "user_id": null
                     *         }
                     *       ],
                     *       "status": 200
                     *     }
                     */
                    "application/json": components["schemas"]["SourceList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            422: components["responses"]["InvalidQuery"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the data source. */
                id: components["parameters"]["SourceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The source. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 1,
                     *       "name": "toy-user",
                     *       "type": "user",
                     *       "model": null,
                     *       "version": null,
                     *       "description": "toy-user",
                     *       "account_id": 1,
                     *       "user_id": 1,
                     *       "status": 200
                     *     }
                     */
                    "application/json": components["schemas"]["SourceAnswer"];
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
    listUsers: {
        parameters: {
            query?: {
                /** @description Account whose items are listed; by default, the account of the user. Admins and admin-readers can list other accounts. */
                account_id?: components["parameters"]["AccountIdOfList"];
                /** @description Newer name of `account_id`. */
                account?: components["parameters"]["AccountOfList"];
                /** @description Whether to include deactivated users. */
                include_inactive?: components["parameters"]["IncludeInactive"];
                /** @description Number of the page, from 1. Without `page` and `per_page`, the answer has all items. */
                page?: components["parameters"]["Page"];
                /** @description Items per page; 100 if only `page` is given. */
                per_page?: components["parameters"]["PerPage"];
                /** @description The same as `per_page`. */
                "per-page"?: components["parameters"]["PerPageHyphen"];
                /** @description Words, or phrases in quotation marks. An item is listed if it contains one of them. Case is ignored. */
                filter?: components["parameters"]["SearchTerms"];
                /** @description Order of the items. */
                "sort-by"?: components["parameters"]["SortUsers"];
                /** @description Older name of `sort-by`. */
                sort_by?: components["parameters"]["SortUsersWithUnderscore"];
                /** @description Direction of the order. */
                "sort-dir"?: components["parameters"]["SortDirection"];
                /** @description Older name of `sort-dir`. */
                sort_dir?: components["parameters"]["SortDirectionWithUnderscore"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The users, by default ordered by id. */
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
                    "application/json": components["schemas"]["User"][] | components["schemas"]["UserRecords"];
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
    createUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key that the client chooses, so that the request can be repeated without being carried out twice. See above. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "anna@example.com",
                 *       "username": "anna",
                 *       "account_id": 1
                 *     }
                 */
                "application/json": components["schemas"]["UserPost"];
            };
        };
        responses: {
            /** @description The user was created. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_id": 1,
                     *       "active": true,
                     *       "email": "anna@example.com",
                     *       "flexmeasures_roles": [],
                     *       "id": 2,
                     *       "last_login_at": null,
                     *       "last_seen_at": null,
                     *       "timezone": "Europe/Amsterdam",
                     *       "username": "anna"
                     *     }
                     */
                    "application/json": components["schemas"]["InvitedUser"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are missing, unknown or invalid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": {
                     *         "json": {
                     *           "email": [
                     *             "A user with email address anna@example.com already exists."
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
            429: components["responses"]["TooManyRequests"];
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
            /** @description The changed user. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPatchAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are unknown or invalid. */
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
            /** @description The password was reset. */
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
    getUserAuditLog: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. Without `page` and `per_page`, the answer has all items. */
                page?: components["parameters"]["Page"];
                /** @description Items per page; 100 if only `page` is given. */
                per_page?: components["parameters"]["PerPage"];
                /** @description The same as `per_page`. */
                "per-page"?: components["parameters"]["PerPageHyphen"];
                /** @description Words, or phrases in quotation marks. An item is listed if it contains one of them. Case is ignored. */
                filter?: components["parameters"]["SearchTerms"];
                /** @description Order of the entries. */
                "sort-by"?: components["parameters"]["SortAuditLog"];
                /** @description Older name of `sort-by`. */
                sort_by?: components["parameters"]["SortAuditLogWithUnderscore"];
                /** @description Direction of the order. */
                "sort-dir"?: components["parameters"]["SortDirection"];
                /** @description Older name of `sort-dir`. */
                sort_dir?: components["parameters"]["SortDirectionWithUnderscore"];
            };
            header?: never;
            path: {
                /** @description Id of the user. */
                id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The entries, by default newest first. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["TotalCount"];
                    Link: components["headers"]["PageLinks"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "event": "Password of user 'toy-user' (Id 1) changed",
                     *           "event_datetime": "2026-11-22T19:38:02.174Z",
                     *           "active_user_id": 1,
                     *           "active_user_name": "toy-user",
                     *           "active_token_name": null,
                     *           "event_type": "user.updated",
                     *           "affected_account_id": 1,
                     *           "affected_user_id": 1,
                     *           "affected_asset_id": null,
                     *           "affected_sensor_id": null,
                     *           "fields": []
                     *         }
                     *       ],
                     *       "num-records": 1,
                     *       "filtered-records": 1
                     *     }
                     */
                    "application/json": components["schemas"]["AuditRecords"];
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
    getAccountEnergyBalance: {
        parameters: {
            query: {
                /** @description Start of the period, with a time zone. */
                start: components["parameters"]["KpisStart"];
                /** @description End of the period, with a time zone. */
                end: components["parameters"]["KpisEnd"];
            };
            header?: never;
            path: {
                /** @description Id of the account. */
                id: components["parameters"]["AccountId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The balance. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "start": "2026-11-23T00:00:00+01:00",
                     *       "resolution": "PT15M",
                     *       "now": "2026-11-23T00:15:00+01:00",
                     *       "timezone": "Europe/Amsterdam",
                     *       "currency": "EUR",
                     *       "parts": [
                     *         {
                     *           "sensor": 4,
                     *           "name": "consumption (house)",
                     *           "kind": "load"
                     *         },
                     *         {
                     *           "sensor": 5,
                     *           "name": "battery power (battery)",
                     *           "kind": "storage"
                     *         }
                     *       ],
                     *       "flows": {
                     *         "import": [
                     *           3,
                     *           null
                     *         ],
                     *         "export": [
                     *           0,
                     *           null
                     *         ],
                     *         "production": [
                     *           0,
                     *           0
                     *         ],
                     *         "charge": [
                     *           2,
                     *           null
                     *         ],
                     *         "discharge": [
                     *           0,
                     *           null
                     *         ],
                     *         "flexible": [
                     *           0,
                     *           0
                     *         ],
                     *         "inflexible": [
                     *           1,
                     *           1
                     *         ]
                     *       },
                     *       "days": [
                     *         {
                     *           "date": "2026-11-23",
                     *           "import": 0.75,
                     *           "export": 0,
                     *           "production": 0,
                     *           "charge": 0.5,
                     *           "discharge": 0,
                     *           "flexible": 0,
                     *           "inflexible": 0.25,
                     *           "cost": 0.15,
                     *           "revenue": 0,
                     *           "unknown_hours": 0.25
                     *         }
                     *       ],
                     *       "notes": []
                     *     }
                     */
                    "application/json": components["schemas"]["EnergyBalance"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidQuery"];
            429: components["responses"]["TooManyReads"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getAccountAuditLog: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. Without `page` and `per_page`, the answer has all items. */
                page?: components["parameters"]["Page"];
                /** @description Items per page; 100 if only `page` is given. */
                per_page?: components["parameters"]["PerPage"];
                /** @description The same as `per_page`. */
                "per-page"?: components["parameters"]["PerPageHyphen"];
                /** @description Words, or phrases in quotation marks. An item is listed if it contains one of them. Case is ignored. */
                filter?: components["parameters"]["SearchTerms"];
                /** @description Order of the entries. */
                "sort-by"?: components["parameters"]["SortAuditLog"];
                /** @description Older name of `sort-by`. */
                sort_by?: components["parameters"]["SortAuditLogWithUnderscore"];
                /** @description Direction of the order. */
                "sort-dir"?: components["parameters"]["SortDirection"];
                /** @description Older name of `sort-dir`. */
                sort_dir?: components["parameters"]["SortDirectionWithUnderscore"];
            };
            header?: never;
            path: {
                /** @description Id of the account. */
                id: components["parameters"]["AccountId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The entries, by default newest first. */
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
                     *         "event": "User 'anna' (Id 2) created",
                     *         "event_datetime": "2026-11-22T19:38:02.174Z",
                     *         "active_user_id": 1,
                     *         "active_user_name": "toy-user",
                     *         "active_token_name": null,
                     *         "event_type": "user.created",
                     *         "affected_account_id": 1,
                     *         "affected_user_id": 2,
                     *         "affected_asset_id": null,
                     *         "affected_sensor_id": null,
                     *         "fields": []
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["AuditRecord"][] | components["schemas"]["AuditRecords"];
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
    getAssetAuditLog: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. Without `page` and `per_page`, the answer has all items. */
                page?: components["parameters"]["Page"];
                /** @description Items per page; 100 if only `page` is given. */
                per_page?: components["parameters"]["PerPage"];
                /** @description The same as `per_page`. */
                "per-page"?: components["parameters"]["PerPageHyphen"];
                /** @description Words, or phrases in quotation marks. An item is listed if it contains one of them. Case is ignored. */
                filter?: components["parameters"]["SearchTerms"];
                /** @description Order of the entries. */
                "sort-by"?: components["parameters"]["SortAuditLog"];
                /** @description Older name of `sort-by`. */
                sort_by?: components["parameters"]["SortAuditLogWithUnderscore"];
                /** @description Direction of the order. */
                "sort-dir"?: components["parameters"]["SortDirection"];
                /** @description Older name of `sort-dir`. */
                sort_dir?: components["parameters"]["SortDirectionWithUnderscore"];
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
            /** @description The entries, by default newest first. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["TotalCount"];
                    Link: components["headers"]["PageLinks"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "event": "Asset 'toy-battery' (Id 3) created",
                     *           "event_datetime": "2026-11-22T19:38:02.174Z",
                     *           "active_user_id": 1,
                     *           "active_user_name": "toy-user",
                     *           "active_token_name": null,
                     *           "event_type": "asset.created",
                     *           "affected_account_id": 1,
                     *           "affected_user_id": null,
                     *           "affected_asset_id": 3,
                     *           "affected_sensor_id": null,
                     *           "fields": []
                     *         }
                     *       ],
                     *       "num-records": 1,
                     *       "filtered-records": 1
                     *     }
                     */
                    "application/json": components["schemas"]["AuditRecords"];
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
    getTwoFactor: {
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
            /** @description The state of the second factor. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "policy": "optional",
                     *       "needed": "app",
                     *       "has_app": true,
                     *       "recovery_codes_left": 10
                     *     }
                     */
                    "application/json": components["schemas"]["TwoFactor"];
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
    beginTwoFactor: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key that the client chooses, so that the request can be repeated without being carried out twice. See above. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Id of the user. */
                id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secret for the app. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "secret": "G5V7BJR6MZRCWBWO5H4COETLL73T2ED7",
                     *       "url": "otpauth://totp/FlexMeasures:anna%40example.com?issuer=FlexMeasures&secret=G5V7BJR6MZRCWBWO5H4COETLL73T2ED7&algorithm=SHA1&digits=6&period=30"
                     *     }
                     */
                    "application/json": components["schemas"]["TwoFactorSetup"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            /** @description Fields are unknown or invalid, or the state of the second factor does not allow this. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": {
                     *         "json": {
                     *           "code": [
                     *             "This is not the code that the app shows now."
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
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    confirmTwoFactor: {
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
                 *       "code": "405060"
                 *     }
                 */
                "application/json": components["schemas"]["TwoFactorCode"];
            };
        };
        responses: {
            /** @description The recovery codes, which are shown only once. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "recovery_codes": [
                     *         "abcd-efgh-jkmn",
                     *         "pqrs-tuvw-xyz2"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are unknown or invalid, or the state of the second factor does not allow this. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": {
                     *         "json": {
                     *           "code": [
                     *             "This is not the code that the app shows now."
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
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    removeTwoFactor: {
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
                 *       "code": "405060"
                 *     }
                 */
                "application/json": components["schemas"]["TwoFactorRemoval"];
            };
        };
        responses: {
            /** @description It was removed. */
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
            413: components["responses"]["TooLarge"];
            /** @description Fields are unknown or invalid, or the state of the second factor does not allow this. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": {
                     *         "json": {
                     *           "code": [
                     *             "This is not the code that the app shows now."
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
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    listDeviceTokens: {
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
            /** @description The tokens, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": 4,
                     *         "name": "gateway in the cellar",
                     *         "scopes": [
                     *           "read",
                     *           "post-data"
                     *         ],
                     *         "assets": [
                     *           3
                     *         ],
                     *         "created_at": "2026-11-22T19:38:02.174Z",
                     *         "expires_at": null,
                     *         "last_used_at": "2026-11-22T19:39:30.810Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["DeviceToken"][];
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
    createDeviceToken: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key that the client chooses, so that the request can be repeated without being carried out twice. See above. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
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
                 *       "name": "gateway in the cellar",
                 *       "scopes": [
                 *         "read",
                 *         "post-data"
                 *       ],
                 *       "assets": [
                 *         3
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["DeviceTokenPost"];
            };
        };
        responses: {
            /** @description The token was created. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 4,
                     *       "name": "gateway in the cellar",
                     *       "scopes": [
                     *         "read",
                     *         "post-data"
                     *       ],
                     *       "assets": [
                     *         3
                     *       ],
                     *       "created_at": "2026-11-22T19:38:02.174Z",
                     *       "expires_at": null,
                     *       "last_used_at": null,
                     *       "token": "fmdt_0123456789abcdefghijABCDEFGHIJ0123456789abc"
                     *     }
                     */
                    "application/json": components["schemas"]["NewDeviceToken"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are unknown or invalid. */
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
    revokeDeviceToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the user. */
                id: components["parameters"]["UserId"];
                /** @description Id of the device token. */
                token_id: components["parameters"]["DeviceTokenId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token was revoked. */
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
    listAccounts: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. Without `page` and `per_page`, the answer has all items. */
                page?: components["parameters"]["Page"];
                /** @description Items per page; 100 if only `page` is given. */
                per_page?: components["parameters"]["PerPage"];
                /** @description The same as `per_page`. */
                "per-page"?: components["parameters"]["PerPageHyphen"];
                /** @description Words, or phrases in quotation marks. An item is listed if it contains one of them. Case is ignored. */
                filter?: components["parameters"]["SearchTerms"];
                /** @description List only accounts with the role of this name. */
                role?: components["parameters"]["AccountRoleOfList"];
                /** @description Order of the items. */
                "sort-by"?: components["parameters"]["SortAccounts"];
                /** @description Older name of `sort-by`. */
                sort_by?: components["parameters"]["SortAccountsWithUnderscore"];
                /** @description Direction of the order. */
                "sort-dir"?: components["parameters"]["SortDirection"];
                /** @description Older name of `sort-dir`. */
                sort_dir?: components["parameters"]["SortDirectionWithUnderscore"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The accounts, by default ordered by id. */
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
                     *         "attributes": {},
                     *         "consultancy_account_id": null,
                     *         "id": 1,
                     *         "logo_url": null,
                     *         "name": "Toy Account",
                     *         "plan_id": null,
                     *         "primary_color": null,
                     *         "secondary_color": null,
                     *         "two_factor": "optional"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Account"][] | components["schemas"]["AccountRecords"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            422: components["responses"]["InvalidQuery"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    createAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key that the client chooses, so that the request can be repeated without being carried out twice. See above. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "New Customer"
                 *     }
                 */
                "application/json": components["schemas"]["AccountPost"];
            };
        };
        responses: {
            /** @description The account was created. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_roles": [],
                     *       "attributes": {},
                     *       "consultancy_account_id": null,
                     *       "id": 2,
                     *       "logo_url": null,
                     *       "name": "New Customer",
                     *       "plan_id": null,
                     *       "primary_color": null,
                     *       "secondary_color": null,
                     *       "two_factor": "optional"
                     *     }
                     */
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are missing, unknown or invalid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": {
                     *         "json": {
                     *           "name": [
                     *             "An account named 'Toy Account' already exists."
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
            429: components["responses"]["TooManyRequests"];
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
                     *       "attributes": {},
                     *       "consultancy_account_id": null,
                     *       "id": 1,
                     *       "logo_url": null,
                     *       "name": "Toy Account",
                     *       "plan_id": null,
                     *       "primary_color": null,
                     *       "secondary_color": null,
                     *       "two_factor": "optional",
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
    updateAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the account. */
                id: components["parameters"]["AccountId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "primary_color": "#1a3443"
                 *     }
                 */
                "application/json": components["schemas"]["AccountPatch"];
            };
        };
        responses: {
            /** @description The changed account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_roles": [],
                     *       "attributes": {},
                     *       "consultancy_account_id": null,
                     *       "id": 1,
                     *       "logo_url": null,
                     *       "name": "Toy Account",
                     *       "plan_id": null,
                     *       "primary_color": "#1a3443",
                     *       "secondary_color": null,
                     *       "two_factor": "optional",
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
            413: components["responses"]["TooLarge"];
            /** @description Fields are unknown or invalid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": {
                     *         "json": {
                     *           "primary_color": [
                     *             "'red' is not a hex colour code such as #1a3443."
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
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    listAnnotationsOfAccount: {
        parameters: {
            query?: {
                /** @description Only annotations that end after this time. */
                start?: components["parameters"]["AnnotationsOverlapStart"];
                /** @description Only annotations that start before this time. */
                end?: components["parameters"]["AnnotationsOverlapEnd"];
            };
            header?: never;
            path: {
                /** @description Id of the account. */
                id: components["parameters"]["AccountId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The annotations, ordered by start. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": 19,
                     *         "source": 1,
                     *         "content": "Christmas Day",
                     *         "start": "2026-12-24T23:00:00+00:00",
                     *         "end": "2026-12-25T23:00:00+00:00",
                     *         "type": "holiday",
                     *         "prior": null
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Annotation"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description A time is not valid, or there are more than 10,000 annotations. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": {
                     *         "query": {
                     *           "start": [
                     *             "Not a valid datetime."
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
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    annotateAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key that the client chooses, so that the request can be repeated without being carried out twice. See above. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Id of the account. */
                id: components["parameters"]["AccountId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "content": "Christmas Day",
                 *       "start": "2026-12-25T00:00:00+01:00",
                 *       "end": "2026-12-26T00:00:00+01:00",
                 *       "type": "holiday"
                 *     }
                 */
                "application/json": components["schemas"]["AnnotationPost"];
            };
        };
        responses: {
            /** @description The annotation, which existed before. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 19,
                     *       "source": 1,
                     *       "content": "Christmas Day",
                     *       "start": "2026-12-24T23:00:00+00:00",
                     *       "end": "2026-12-25T23:00:00+00:00",
                     *       "type": "holiday",
                     *       "prior": null
                     *     }
                     */
                    "application/json": components["schemas"]["Annotation"];
                };
            };
            /** @description The new annotation. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 19,
                     *       "source": 1,
                     *       "content": "Christmas Day",
                     *       "start": "2026-12-24T23:00:00+00:00",
                     *       "end": "2026-12-25T23:00:00+00:00",
                     *       "type": "holiday",
                     *       "prior": null
                     *     }
                     */
                    "application/json": components["schemas"]["Annotation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are missing, unknown or invalid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": {
                     *         "json": {
                     *           "end": [
                     *             "The end of an annotation must be after its start."
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
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    deleteAnnotationOfAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the account. */
                id: components["parameters"]["AccountId"];
                /** @description Id of the annotation. */
                annotation_id: components["parameters"]["AnnotationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The annotation was deleted. */
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
    updateAnnotationOfAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the account. */
                id: components["parameters"]["AccountId"];
                /** @description Id of the annotation. */
                annotation_id: components["parameters"]["AnnotationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "content": "Christmas Day",
                 *       "type": "holiday"
                 *     }
                 */
                "application/json": components["schemas"]["AnnotationPatch"];
            };
        };
        responses: {
            /** @description The annotation as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 19,
                     *       "source": 1,
                     *       "content": "Christmas Day",
                     *       "start": "2026-12-24T23:00:00+00:00",
                     *       "end": "2026-12-25T23:00:00+00:00",
                     *       "type": "holiday",
                     *       "prior": null
                     *     }
                     */
                    "application/json": components["schemas"]["Annotation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            /** @description Fields are unknown or invalid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": {
                     *         "json": {
                     *           "end": [
                     *             "The end of an annotation must be after its start."
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
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Failure"];
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID of the job. A schedule and its job have the same UUID. */
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
    streamEvents: {
        parameters: {
            query?: {
                /** @description Ids of sensors, separated by commas; at most 200. Only events about these, or about `asset`, are sent. */
                sensor?: string;
                /** @description Ids of assets, separated by commas; at most 200. Only events about these and their sensors, or about `sensor`, are sent. */
                asset?: string;
                /** @description The id of the last message that the client has seen. The header takes precedence. */
                last_event_id?: string;
                /** @description Whether the answer stays open. If not, it ends after the events that have happened. */
                follow?: boolean;
            };
            header?: {
                /** @description The id of the last message that the client has seen. */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example retry: 2000
                     *
                     *     id: 81934-5127
                     *     event: beliefs.saved
                     *     data: {"sensor":2,"source":1,"measurements":{"count":4,"first_event_start":"2026-11-23T06:00:00.000Z","last_event_start":"2026-11-23T06:45:00.000Z"}}
                     *
                     *     id: 81936-0
                     *     event: heartbeat
                     *     data: {}
                     */
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description An id is not valid, or there is no such sensor or asset. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": {
                     *         "query": {
                     *           "sensor": [
                     *             "No sensor found with id 99."
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
            /** @description The user has too many streams open. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "You have 20 streams of events open. Close one of them before you open another one.",
                     *       "result": "Rejected",
                     *       "status": "TOO_MANY_REQUESTS"
                     *     }
                     */
                    "application/json": components["schemas"]["Rejection"];
                };
            };
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
            /** @description The name, the time zone and the period. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "toy-battery",
                     *       "panels": [
                     *         {
                     *           "title": "discharging",
                     *           "unit": "MW",
                     *           "hasZero": true,
                     *           "sensors": [
                     *             {
                     *               "id": 2,
                     *               "label": "discharging",
                     *               "unit": "MW",
                     *               "factor": 1,
                     *               "offset": 0,
                     *               "resolutionMs": 900000
                     *             }
                     *           ]
                     *         }
                     *       ],
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
            /** @description The name, the time zone and the period. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "panels": [
                     *         {
                     *           "title": "Day ahead prices",
                     *           "unit": "EUR/MWh",
                     *           "hasZero": true,
                     *           "sensors": [
                     *             {
                     *               "id": 3,
                     *               "label": "Day ahead prices",
                     *               "unit": "EUR/MWh",
                     *               "factor": 1,
                     *               "offset": 0,
                     *               "resolutionMs": 3600000
                     *             }
                     *           ]
                     *         }
                     *       ],
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
                /** @description Newer name of `event_starts_after`. */
                start?: components["parameters"]["ChartStart"];
                /** @description Newer name of `event_ends_before`. */
                end?: components["parameters"]["ChartEnd"];
                /** @description Length of the window, with either `start` or `end`. */
                duration?: components["parameters"]["ChartDuration"];
                /** @description Newer name of `beliefs_before`. */
                prior?: components["parameters"]["ChartPrior"];
                /** @description Only events that start at this time or later. */
                event_starts_after?: components["parameters"]["EventStartsAfter"];
                /** @description Only events that end at this time or earlier. */
                event_ends_before?: components["parameters"]["EventEndsBefore"];
                /** @description Only beliefs that were recorded at this time or later. */
                beliefs_after?: components["parameters"]["BeliefsAfter"];
                /** @description Only beliefs that were recorded at this time or earlier. */
                beliefs_before?: components["parameters"]["BeliefsBefore"];
                /** @description Whether the specification includes the data. If not, get it from `chart_data`. */
                include_data?: components["parameters"]["IncludeData"];
                /** @description Width in pixels; by default, the width of the HTML element that contains the chart. */
                width?: components["parameters"]["ChartWidth"];
                /** @description Height in pixels. If there are several panels, this is the height of each. */
                height?: components["parameters"]["ChartHeight"];
                /** @description Theme of the chart. */
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
                /** @description Newer name of `event_starts_after`. */
                start?: components["parameters"]["ChartStart"];
                /** @description Newer name of `event_ends_before`. */
                end?: components["parameters"]["ChartEnd"];
                /** @description Length of the window, with either `start` or `end`. */
                duration?: components["parameters"]["ChartDuration"];
                /** @description Newer name of `beliefs_before`. */
                prior?: components["parameters"]["ChartPrior"];
                /** @description Only events that start at this time or later. */
                event_starts_after?: components["parameters"]["EventStartsAfter"];
                /** @description Only events that end at this time or earlier. */
                event_ends_before?: components["parameters"]["EventEndsBefore"];
                /** @description Only beliefs that were recorded at this time or later. */
                beliefs_after?: components["parameters"]["BeliefsAfter"];
                /** @description Only beliefs that were recorded at this time or earlier. */
                beliefs_before?: components["parameters"]["BeliefsBefore"];
                /**
                 * @description Step of the events; by default, the resolution of the sensor. One of them must be a multiple of the other. For an
                 *     instantaneous sensor, it selects the instants at its steps.
                 */
                resolution?: components["parameters"]["ChartResolution"];
                /** @description Whether to return only the most recent belief of each source about an event, or all beliefs. */
                most_recent_beliefs_only?: components["parameters"]["MostRecentBeliefsOnly"];
                /**
                 * @description Form of the data: `rows`, one object per belief, or `columns`, lists of numbers per sensor, source and cumulative
                 *     probability, which are a tenth as large.
                 */
                format?: components["parameters"]["ChartDataFormat"];
                /**
                 * @description Only with `format=columns` and the most recent beliefs: the maximum number of values per series, for example the width
                 *     of the chart in pixels. Where the window has more events, each value is the mean of an equal part of the window, with
                 *     its minimum and maximum. Without a window, it goes from the first to the last event of the sensor.
                 */
                buckets?: components["parameters"]["ChartBuckets"];
                /**
                 * @description Only with `format=columns`: whether values of events come with the times at which they were recorded; means in buckets have
                 *     none. With `most_recent_beliefs_only=false`, a client can show what was known at any moment.
                 */
                belief_times?: components["parameters"]["ChartBeliefTimes"];
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
            /** @description The beliefs, ordered by event start. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SensorChartBelief"][] | components["schemas"]["ChartColumns"];
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
                /** @description Newer name of `event_starts_after`. */
                start?: components["parameters"]["ChartStart"];
                /** @description Newer name of `event_ends_before`. */
                end?: components["parameters"]["ChartEnd"];
                /** @description Length of the window, with either `start` or `end`. */
                duration?: components["parameters"]["ChartDuration"];
                /** @description Newer name of `beliefs_before`. */
                prior?: components["parameters"]["ChartPrior"];
                /** @description Only events that start at this time or later. */
                event_starts_after?: components["parameters"]["EventStartsAfter"];
                /** @description Only events that end at this time or earlier. */
                event_ends_before?: components["parameters"]["EventEndsBefore"];
                /** @description Only beliefs that were recorded at this time or later. */
                beliefs_after?: components["parameters"]["BeliefsAfter"];
                /** @description Only beliefs that were recorded at this time or earlier. */
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
            /** @description The annotations, ordered by start. */
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
