-- video_seconds: First and repeat views
SELECT intDiv(watched_second - 1, 10) * 10 AS `from_second`, sum(learners) / uniqExact(watched_second) AS `First views`, sum(repeat_views) / uniqExact(watched_second) AS `Repeat views`
FROM `reporting`.`rpt_video_heatmap`
WHERE `course_key` = '{course}' GROUP BY `from_second`
 LIMIT 10000;

-- freshness: Data as of
SELECT "last_emission_time" AS `last_emission_time`, "staged_at" AS `staged_at`, "statements_waiting" AS `statements_waiting`
FROM `reporting`.`ops_freshness`
 LIMIT 10000;
