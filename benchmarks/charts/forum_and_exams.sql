-- forum_learners: Learners in the discussions
SELECT count() AS `Learners`
FROM `reporting`.`fct_forum_participation`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- forum_writers: Learners who wrote
SELECT countIf(last_posted_at is not null) AS `Learners who wrote`
FROM `reporting`.`fct_forum_participation`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- forum_threads: Threads
SELECT sum(threads) AS `Threads`
FROM `reporting`.`fct_forum_participation`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- forum_replies: Replies
SELECT sum(replies) AS `Replies`
FROM `reporting`.`fct_forum_participation`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- forum_over_time: Discussions over time
SELECT toStartOfDay(toDateTime(`emission_time`)) AS `emission_time`, `action` AS `action`, count() AS `Events`
FROM `reporting`.`fct_forum_events`
WHERE `course_key` = '{course}' GROUP BY `emission_time`, `action`
 LIMIT 10000;

-- forum_actions: What learners do
SELECT `action` AS `action`, uniqExact(actor_id, actor_home_page) AS `Learners`
FROM `reporting`.`fct_forum_events`
WHERE `course_key` = '{course}' GROUP BY `action`
 LIMIT 10000;

-- forum_participation: Participation by course
SELECT `course_name` AS `course_name`, `course_run` AS `course_run`, count() AS `Learners`, countIf(last_posted_at is not null) AS `Learners who wrote`, sum(threads) AS `Threads`, sum(replies) AS `Replies`, sum(votes) AS `Votes`, sum(views) AS `Readings`, maxOrNull(last_active_at) AS `Last active`
FROM `reporting`.`fct_forum_participation`
WHERE `course_key` = '{course}' GROUP BY `course_name`, `course_run`
 LIMIT 10000;

-- forum_by_learner: Most active in the discussions
SELECT `actor_id` AS `actor_id`, `threads` AS `threads`, `replies` AS `replies`, `votes` AS `votes`, `views` AS `views`, `last_posted_at` AS `last_posted_at`, `last_active_at` AS `last_active_at`
FROM `reporting`.`fct_forum_participation`
WHERE `course_key` = '{course}' GROUP BY `actor_id`, `threads`, `replies`, `votes`, `views`, `last_posted_at`, `last_active_at` ORDER BY sum(replies) DESC
 LIMIT 100;

-- exam_attempts: Attempts
SELECT count() AS `Attempts`
FROM `reporting`.`fct_exam_attempts`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- exams_submitted: Submitted
SELECT countIf(is_submitted) AS `Submitted`
FROM `reporting`.`fct_exam_attempts`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- exams_over_time: Over time
SELECT countIf(is_over_time) AS `Over time`
FROM `reporting`.`fct_exam_attempts`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- exam_minutes: Average minutes
SELECT avg(seconds) / 60 AS `Average minutes`
FROM `reporting`.`fct_exam_attempts`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- exams: Exams
SELECT `exam_name` AS `exam_name`, `exam_kind` AS `exam_kind`, count() AS `Attempts`, uniqExact(actor_id, actor_home_page) AS `Learners`, countIf(is_submitted) AS `Submitted`, countIf(is_over_time) AS `Over time`, avg(seconds) / 60 AS `Average minutes`, max(time_limit_minutes) AS `Time limit in minutes`
FROM `reporting`.`fct_exam_attempts`
WHERE `course_key` = '{course}' GROUP BY `exam_name`, `exam_kind` ORDER BY `exam_name` ASC
 LIMIT 10000;

-- exams_started: Exams started
SELECT toStartOfDay(toDateTime(`started_at`)) AS `started_at`, `exam_name` AS `exam_name`, count() AS `Attempts`
FROM `reporting`.`fct_exam_attempts`
WHERE `course_key` = '{course}' GROUP BY `started_at`, `exam_name`
 LIMIT 10000;

-- freshness: Data as of
SELECT "last_emission_time" AS `last_emission_time`, "staged_at" AS `staged_at`, "statements_waiting" AS `statements_waiting`
FROM `reporting`.`ops_freshness`
 LIMIT 10000;
