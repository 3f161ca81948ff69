/* The usual statements of a chunk, found and read in one pass over its bytes.
 *
 * What is accepted here is surely valid by the rules of loader/envelope.py, and is told with
 * the same id and time. Whatever is rarer, doubtful or wrong is left to Python, which alone
 * rejects. tests/unit/test_scanner.py holds the two against each other.
 *
 * The bytes must be followed by one NUL, as those of a Python bytes object are: no token of
 * JSON has it, so whatever reads token by token ends there at the latest.
 */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MOST_LEVELS 64 /* of what is stepped over; the parser of Python goes to 200 */
#define MOST_OF_A_NUMBER 32
#define MICROSECONDS INT64_C(1000000)
#define SECONDS_OF_A_DAY INT64_C(86400)

typedef const uint8_t *Place;

typedef struct {
    Place end;   /* of the statement */
    Place limit; /* of all bytes, where the NUL stands */
} Bounds;

typedef struct {
    Place begin, end; /* between the quotes */
    int is_plain;     /* no escapes, and nothing but ASCII */
} String;

static Place after_space(Place at, const Bounds *bounds)
{
    while (at < bounds->end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
        at++;
    return at;
}

static int is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

static int hex_value(uint8_t byte)
{
    if (is_digit(byte))
        return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* The code of \uXXXX, whose digits begin at `at`; -1 if they are none. */
static int32_t escaped_code(Place at)
{
    int32_t code = 0;
    for (int digit = 0; digit < 4; digit++) {
        int value = hex_value(at[digit]);
        if (value < 0)
            return -1;
        code = code << 4 | value;
    }
    return code;
}

/* The end of an escape whose backslash is at `at`; NULL if it is wrong. */
static Place after_escape(Place at)
{
    switch (at[1]) {
    case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
        return at + 2;
    case 'u': {
        int32_t code = escaped_code(at + 2);
        if (code < 0 || (code >= 0xDC00 && code <= 0xDFFF))
            return NULL;
        at += 6;
        if (code < 0xD800 || code > 0xDFFF)
            return at;
        if (at[0] != '\\' || at[1] != 'u') /* one half of a pair alone */
            return NULL;
        code = escaped_code(at + 2);
        return code >= 0xDC00 && code <= 0xDFFF ? at + 6 : NULL;
    }
    default:
        return NULL;
    }
}

static int continues(uint8_t byte) { return (byte & 0xC0) == 0x80; }

/* The end of a character of UTF-8 that is not ASCII (RFC 3629, section 4); NULL if it is none. */
static Place after_character(Place at)
{
    uint8_t first = at[0], second = at[1];
    if (first < 0xC2 || first > 0xF4 || !continues(second))
        return NULL;
    if (first < 0xE0)
        return at + 2;
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
        (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F) ||
        !continues(at[2]))
        return NULL;
    if (first < 0xF0)
        return at + 3;
    return continues(at[3]) ? at + 4 : NULL;
}

/* The bytes among eight that end the plain part of a string, as their highest bits. The lowest
 * one that is set is right; those above it may not be. */
static uint64_t special_among(uint64_t eight)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), highest = ones << 7;
    uint64_t quotes = eight ^ ones * '"', backslashes = eight ^ ones * '\\';
    uint64_t found = ((quotes - ones) & ~quotes) | ((backslashes - ones) & ~backslashes) |
                     ((eight - ones * ' ') & ~eight) | eight;
    return found & highest;
}

/* What stands between quotes, of which the first is at `at`; the end is NULL if it is wrong. */
static String string_at(Place at, const Bounds *bounds)
{
    String found = {at + 1, NULL, 1};
    at++;
    while (at) {
        while (bounds->limit - at >= 8) {
            uint64_t eight;
            memcpy(&eight, at, 8);
            uint64_t special = special_among(eight);
            if (special) {
                at += __builtin_ctzll(special) >> 3;
                break;
            }
            at += 8;
        }
        while (*at >= ' ' && *at < 0x80 && *at != '"' && *at != '\\')
            at++;
        if (*at == '"') {
            found.end = at;
            return found;
        }
        found.is_plain = 0;
        at = *at == '\\' ? after_escape(at) : *at >= 0x80 ? after_character(at) : NULL;
    }
    return found;
}

/* The end of a number (RFC 8259, section 6) that fits what Python and the engine can hold. */
static Place after_number(Place at)
{
    Place begin = at;
    if (*at == '-')
        at++;
    if (*at == '0')
        at++;
    else if (is_digit(*at))
        while (is_digit(*at))
            at++;
    else
        return NULL;
    if (*at == '.') {
        if (!is_digit(*++at))
            return NULL;
        while (is_digit(*at))
            at++;
    }
    if (*at == 'e' || *at == 'E') {
        at++;
        if (*at == '+' || *at == '-')
            at++;
        if (!is_digit(*at++))
            return NULL;
        if (is_digit(*at))
            at++;
        if (is_digit(*at)) /* three digits may be too large */
            return NULL;
    }
    return at - begin <= MOST_OF_A_NUMBER ? at : NULL;
}

static Place after_word(Place at, const char *word)
{
    for (; *word; word++, at++)
        if (*at != (uint8_t)*word)
            return NULL;
    return at;
}

/* The end of any value, which begins at `at`; NULL if it is wrong. */
static Place after_value(Place at, const Bounds *bounds)
{
    uint64_t objects = 0; /* a bit for each level: whether it is an object or an array */
    int level = 0;
value:
    at = after_space(at, bounds);
    switch (*at) {
    case '"':
        at = string_at(at, bounds).end;
        if (!at)
            return NULL;
        at++;
        break;
    case '{':
    case '[': {
        int is_object = *at == '{';
        at = after_space(at + 1, bounds);
        if (*at == (is_object ? '}' : ']')) {
            at++;
            break;
        }
        if (++level > MOST_LEVELS)
            return NULL;
        objects = objects << 1 | (uint64_t)is_object;
        if (is_object)
            goto key;
        goto value;
    }
    case 't':
        at = after_word(at, "true");
        break;
    case 'f':
        at = after_word(at, "false");
        break;
    case 'n':
        at = after_word(at, "null");
        break;
    default:
        at = after_number(at);
    }
    if (!at)
        return NULL;
ended:
    if (!level)
        return at;
    at = after_space(at, bounds);
    if (*at == ',') {
        at++;
        if (!(objects & 1))
            goto value;
        at = after_space(at, bounds);
        goto key;
    }
    if (*at != (objects & 1 ? '}' : ']'))
        return NULL;
    at++;
    level--;
    objects >>= 1;
    goto ended;
key:
    if (*at != '"')
        return NULL;
    at = string_at(at, bounds).end;
    if (!at)
        return NULL;
    at = after_space(at + 1, bounds);
    if (*at != ':')
        return NULL;
    at++;
    goto value;
}

/* Members of an object, one by one: the name, and where the value begins. */

typedef struct {
    const Bounds *bounds;
    Place at; /* NULL when something is wrong */
    int is_first;
} Members;

static Members members_at(Place at, const Bounds *bounds)
{
    Members members = {bounds, *at == '{' ? at + 1 : NULL, 1};
    return members;
}

/* Whether there is one more member; `at` is where its value begins then. */
static int next_member(Members *members, String *name)
{
    Place at = members->at;
    if (!at)
        return 0;
    at = after_space(at, members->bounds);
    if (*at == '}') {
        members->at = at + 1;
        return 0;
    }
    if (!members->is_first) {
        if (*at != ',')
            goto wrong;
        at = after_space(at + 1, members->bounds);
    }
    members->is_first = 0;
    if (*at != '"')
        goto wrong;
    *name = string_at(at, members->bounds);
    if (!name->end || !name->is_plain) /* an escaped name may be any name */
        goto wrong;
    at = after_space(name->end + 1, members->bounds);
    if (*at != ':')
        goto wrong;
    members->at = after_space(at + 1, members->bounds);
    return 1;
wrong:
    members->at = NULL;
    return 0;
}

static int is_named(const String *name, const char *expected, size_t length)
{
    return (size_t)(name->end - name->begin) == length &&
           memcmp(name->begin, expected, length) == 0;
}
#define IS_NAMED(name, expected) is_named(name, expected, sizeof(expected) - 1)

/* The text that is a member's value, which is passed by; its end is NULL if it is none. */
static String text_of(Members *members)
{
    String found = {NULL, NULL, 0};
    if (*members->at == '"')
        found = string_at(members->at, members->bounds);
    members->at = found.end ? found.end + 1 : NULL;
    return found;
}

/* The rules of loader/envelope.py. What it takes from text that is not plain is left to it. */

static int is_visible(const String *text, Place from)
{
    for (Place at = from; at < text->end; at++)
        if (*at <= ' ' || *at == 0x7F)
            return 0;
    return text->is_plain;
}

static int is_iri(const String *text)
{
    Place at = text->begin;
    uint8_t first = *at | 0x20;
    if (first < 'a' || first > 'z')
        return 0;
    while (is_digit(*at) || ((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z') || *at == '+' ||
           *at == '.' || *at == '-')
        at++;
    return *at == ':' && at + 1 < text->end && is_visible(text, at + 1);
}

static int is_mailbox(const String *text)
{
    Place name = after_word(text->begin, "mailto:");
    return name && name < text->end && is_visible(text, name);
}

static int is_sha1(const String *text)
{
    if (text->end - text->begin != 40)
        return 0;
    for (Place at = text->begin; at < text->end; at++)
        if (hex_value(*at) < 0)
            return 0;
    return 1;
}

/* A UUID as 16 bytes, in the order of its digits. */
static int read_uuid(const String *text, uint8_t *id)
{
    Place at = text->begin;
    if (text->end - at != 36 || at[8] != '-' || at[13] != '-' || at[18] != '-' || at[23] != '-')
        return 0;
    for (int byte = 0; byte < 16; byte++) {
        if (*at == '-')
            at++;
        int high = hex_value(at[0]), low = hex_value(at[1]);
        if (high < 0 || low < 0)
            return 0;
        id[byte] = (uint8_t)(high << 4 | low);
        at += 2;
    }
    return at == text->end;
}

/* The number that `count` digits from `at` on say; negative if one of them is none. */
static int64_t number_at(Place at, int count)
{
    int64_t number = 0;
    while (count--) {
        if (!is_digit(*at))
            return INT64_MIN;
        number = number * 10 + (*at++ - '0');
    }
    return number;
}

/* Days since 1970-01-01 in the Gregorian calendar, by years that begin in March. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    month += month <= 2 ? 9 : -3;
    return year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719469;
}

static int64_t days_in(int64_t year, int64_t month)
{
    static const int8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return lengths[month - 1] + (month == 2 && is_leap);
}

/* A time written as 2026-01-31T12:00:00.123456+01:00, in microseconds since 1970; one that
 * loader/envelope.py takes, which are those of the years 1900 to 2299. */
static int read_time(const String *text, int64_t *time)
{
    Place at = text->begin;
    ptrdiff_t length = text->end - at;
    if (length < 20 || at[4] != '-' || at[7] != '-' || at[10] != 'T' || at[13] != ':' ||
        at[16] != ':')
        return 0;
    int64_t year = number_at(at, 4), month = number_at(at + 5, 2), day = number_at(at + 8, 2);
    int64_t hour = number_at(at + 11, 2), minute = number_at(at + 14, 2),
            second = number_at(at + 17, 2);
    if (year < 1 || month < 1 || month > 12 || day < 1 ||
        day > days_in(year, month) || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 59)
        return 0;
    int64_t fraction = 0;
    at += 19;
    if (*at == '.') {
        int digits = 0;
        for (at++; digits <= 6 && is_digit(*at); at++, digits++)
            fraction = fraction * 10 + (*at - '0');
        if (digits < 1 || digits > 6)
            return 0;
        while (digits++ < 6)
            fraction *= 10;
    }
    int64_t offset = 0; /* minutes */
    if (*at == 'Z') {
        at++;
    } else if ((*at == '+' || *at == '-') && text->end - at == 6 && at[3] == ':') {
        int64_t hours = number_at(at + 1, 2), minutes = number_at(at + 4, 2);
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
            return 0;
        offset = (hours * 60 + minutes) * (*at == '-' ? -1 : 1);
        at += 6;
    }
    if (at != text->end || !(at[-1] == 'Z' || at[-3] == ':'))
        return 0;
    int64_t minutes = (days_of(year, month, day) * 24 + hour) * 60 + minute - offset;
    *time = (minutes * 60 + second) * MICROSECONDS + fraction;
    int64_t earliest = days_of(1900, 1, 1) * SECONDS_OF_A_DAY * MICROSECONDS;
    int64_t latest = (days_of(2300, 1, 1) * SECONDS_OF_A_DAY - 1) * MICROSECONDS;
    return earliest <= *time && *time <= latest;
}

/* Each of these passes by an object and says whether it is what the envelope asks for. A member
 * that is there twice is left to Python. */

static int is_account(Members *outer)
{
    Members members = members_at(outer->at, outer->bounds);
    String name;
    int home_pages = 0, names = 0;
    while (next_member(&members, &name)) {
        int is_home_page = IS_NAMED(&name, "homePage"), is_name = IS_NAMED(&name, "name");
        if (is_home_page || is_name) {
            String text = text_of(&members);
            if (!text.end || text.end == text.begin)
                return 0;
            home_pages += is_home_page;
            names += is_name;
        } else {
            members.at = after_value(members.at, members.bounds);
        }
    }
    outer->at = members.at;
    return members.at && home_pages == 1 && names == 1;
}

static int is_actor(Members *outer)
{
    Members members = members_at(outer->at, outer->bounds);
    String name;
    int identifiers = 0;
    while (next_member(&members, &name)) {
        if (IS_NAMED(&name, "account")) {
            identifiers += 1;
            if (!is_account(&members))
                return 0;
        } else if (IS_NAMED(&name, "mbox")) {
            String text = text_of(&members);
            identifiers += 1;
            if (!text.end || !is_mailbox(&text))
                return 0;
        } else if (IS_NAMED(&name, "mbox_sha1sum")) {
            String text = text_of(&members);
            identifiers += 1;
            if (!text.end || !is_sha1(&text))
                return 0;
        } else if (IS_NAMED(&name, "openid")) {
            String text = text_of(&members);
            identifiers += 1;
            if (!text.end || !is_iri(&text))
                return 0;
        } else {
            members.at = after_value(members.at, members.bounds);
        }
    }
    outer->at = members.at;
    return members.at && identifiers == 1;
}

static int is_verb(Members *outer)
{
    Members members = members_at(outer->at, outer->bounds);
    String name;
    int ids = 0;
    while (next_member(&members, &name)) {
        if (IS_NAMED(&name, "id")) {
            String text = text_of(&members);
            ids += 1;
            if (!text.end || !is_iri(&text))
                return 0;
        } else {
            members.at = after_value(members.at, members.bounds);
        }
    }
    outer->at = members.at;
    return members.at && ids == 1;
}

static int is_activity(Members *outer)
{
    Members members = members_at(outer->at, outer->bounds);
    String name;
    int ids = 0, types = 0;
    while (next_member(&members, &name)) {
        if (IS_NAMED(&name, "id")) {
            String text = text_of(&members);
            ids += 1;
            if (!text.end || text.end == text.begin)
                return 0;
        } else if (IS_NAMED(&name, "objectType")) {
            String text = text_of(&members);
            types += 1;
            if (!text.end || !(IS_NAMED(&text, "Activity") || IS_NAMED(&text, "GroupActivity")))
                return 0;
        } else {
            members.at = after_value(members.at, members.bounds);
        }
    }
    outer->at = members.at;
    return members.at && ids == 1 && types <= 1;
}

/* Whether the text from `at` on is a usual statement; its id and time then. */
static int is_usual(Place at, const Bounds *bounds, uint8_t *id, int64_t *time)
{
    Members members = members_at(at, bounds);
    String name;
    int ids = 0, actors = 0, verbs = 0, objects = 0, times = 0;
    while (next_member(&members, &name)) {
        if (IS_NAMED(&name, "id")) {
            String text = text_of(&members);
            ids += 1;
            if (!text.end || !read_uuid(&text, id))
                return 0;
        } else if (IS_NAMED(&name, "actor")) {
            actors += 1;
            if (!is_actor(&members))
                return 0;
        } else if (IS_NAMED(&name, "verb")) {
            verbs += 1;
            if (!is_verb(&members))
                return 0;
        } else if (IS_NAMED(&name, "object")) {
            objects += 1;
            if (!is_activity(&members))
                return 0;
        } else if (IS_NAMED(&name, "timestamp")) {
            String text = text_of(&members);
            times += 1;
            if (!text.end || !read_time(&text, time))
                return 0;
        } else {
            members.at = after_value(members.at, bounds);
        }
    }
    return members.at == bounds->end && ids == 1 && actors == 1 && verbs == 1 && objects == 1 &&
           times == 1;
}

/* What bytes.strip() takes away. */
static int is_blank(uint8_t byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

/* What the functions below make of each record. */
enum { OTHER = 0, USUAL = 1, BLANK = 2 };

/* Where each line begins in `size` bytes at `data`, and its length without the line end; returns
 * how many there are. The places of the first `room` are written. */
size_t find_lines(Place data, size_t size, size_t room, uint64_t *begins, uint64_t *lengths)
{
    size_t count = 0;
    for (size_t at = 0; at < size; count++) {
        Place line_end = memchr(data + at, '\n', size - at);
        size_t length = (line_end ? (size_t)(line_end - data) : size) - at;
        if (count < room) {
            begins[count] = at;
            lengths[count] = length;
        }
        at += length + 1;
    }
    return count;
}

/* What each of `count` records is, which stand in the `size` bytes at `data`.
 *
 * Blanks around a record are taken away from it. Of a usual statement of up to `longest` bytes,
 * its id (16 bytes) and its time (microseconds since 1970) are told. */
void scan(Place data, size_t size, size_t longest, size_t count, uint64_t *begins,
          uint64_t *lengths, uint8_t *kinds, uint8_t *ids, int64_t *times)
{
    Bounds bounds = {NULL, data + size};
    for (size_t record = 0; record < count; record++) {
        Place at = data + begins[record];
        bounds.end = at + lengths[record];
        while (at < bounds.end && is_blank(*at))
            at++;
        while (at < bounds.end && is_blank(bounds.end[-1]))
            bounds.end--;
        begins[record] = (uint64_t)(at - data);
        lengths[record] = (uint64_t)(bounds.end - at);
        if (at == bounds.end)
            kinds[record] = BLANK;
        else if (lengths[record] <= longest &&
                 is_usual(at, &bounds, ids + 16 * record, times + record))
            kinds[record] = USUAL;
        else
            kinds[record] = OTHER;
    }
}

/* Texts as ClickHouse's Native format writes a column of them, each with its length before it;
 * returns how many bytes that takes. A text begins at its place in the `size` bytes at `data`,
 * or, from `size` on, in `more`. There is room for ten bytes more than each text has. */
size_t write_texts(Place data, size_t size, Place more, size_t count, const uint64_t *begins,
                   const uint64_t *lengths, uint8_t *written)
{
    uint8_t *at = written;
    for (size_t row = 0; row < count; row++) {
        uint64_t length = lengths[row];
        for (; length > 127; length >>= 7)
            *at++ = (uint8_t)(length & 127) | 128;
        *at++ = (uint8_t)length;
        memcpy(at, begins[row] < size ? data + begins[row] : more + (begins[row] - size),
               lengths[row]);
        at += lengths[row];
    }
    return (size_t)(at - written);
}
