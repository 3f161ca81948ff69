-- problem_shares: Right at first and in the end
SELECT if(problem_part = '', problem_name, concat(problem_name, ' · ', problem_part)) AS `part_label`, sum(learners) AS `Learners`, sum(first_try_success_share * learners) / sum(learners) AS `Right at first`, sum(success_share * learners) / sum(learners) AS `Right in the end`
FROM `reporting`.`rpt_problem_items`
WHERE `course_key` = '{course}' GROUP BY `part_label` ORDER BY if(problem_part = '', problem_name, concat(problem_name, ' · ', problem_part)) ASC
 LIMIT 10000;

-- problem_first_answers: First answers
SELECT if(problem_part = '', problem_name, concat(problem_name, ' · ', problem_part)) AS `part_label`, `answer` AS `answer`, sum(learners) AS `Learners`, sum(learners_right) AS `Right`
FROM `reporting`.`fct_problem_responses`
WHERE `at_attempt` = 'first' AND `course_key` = '{course}' GROUP BY `part_label`, `answer` ORDER BY `Learners` DESC
 LIMIT 10000;

-- freshness: Data as of
SELECT "last_emission_time" AS `last_emission_time`, "staged_at" AS `staged_at`, "statements_waiting" AS `statements_waiting`
FROM `reporting`.`ops_freshness`
 LIMIT 10000;
