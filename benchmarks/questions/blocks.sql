-- What is asked about blocks of a course: beside its outline, of a subsection, a problem, a video.

-- graded_subsections (in brief): How many did each graded subsection, with which score?
select
    subsection_name,
    uniqExact(actor_id, actor_home_page) as learners,
    avg(score_scaled) as average_score
from reporting.fct_graded_subsection_results
where {where}
group by subsection_block_id, subsection_name;

-- first_tries (in brief): How many answered each problem, how many right at once?
select hierarchy_location, problem_name, learners, first_try_success_share
from reporting.fct_problem_difficulty
where problem_part = '' and {where};

-- scores_in_subsections (one subsection): How are learners' average scores distributed?
select
    subsection_name,
    intDiv(toUInt32(score * 100), 10) * 10 as from_percent,
    count() as learners,
    sum(sum(score)) over (partition by subsection_block_id)
        / sum(count()) over (partition by subsection_block_id) as average_score
from (
    select subsection_name, subsection_block_id, avg(score_scaled) as score
    from reporting.fct_graded_subsection_results
    where {where}
    group by subsection_block_id, subsection_name, actor_id, actor_home_page
    having score >= 0
)
group by subsection_block_id, subsection_name, from_percent;

-- results_in_subsections (one subsection): How many got each graded problem right in the end?
select subsection_name, hierarchy_location, problem_name, success, count() as learners
from reporting.fct_graded_subsection_results
where {where}
group by subsection_name, hierarchy_location, problem_id, problem_name, success;

-- item_analysis (one problem): How hard is each question, and what does it tell apart?
select
    problem_name,
    problem_part,
    question,
    learners,
    first_try_success_share,
    success_share,
    attempts_when_right,
    attempts_when_wrong,
    discrimination,
    hint_share,
    answer_shown_share
from reporting.fct_problem_difficulty
where {where};

-- first_answers (one problem): Which answers do learners give at first?
select problem_id, problem_part, answer, learners, learners_right
from reporting.fct_problem_responses
where at_attempt = 'first' and {where};

-- last_answers (one problem): Which answers do they end with?
select problem_id, problem_part, answer, learners, learners_right
from reporting.fct_problem_responses
where at_attempt = 'last' and {where};

-- wrong_answers (one problem): Which wrong answer tempts most?
select problem_name, problem_part, most_common_wrong_answer, most_common_wrong_answer_learners
from reporting.rpt_problem_items
where {where};
