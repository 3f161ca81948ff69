/* loader/scanner.c with any bytes: no step outside of them, and no record outside of its line.
 *
 * For libFuzzer; CONTRIBUTING.md says how. Whether it accepts the right statements is asked by
 * the other targets, beside the rules in Python.
 */

#include <stdlib.h>

#include "../../loader/scanner.c"

static void require(int holds)
{
    if (!holds)
        abort();
}

/* Lines of `bytes`, and all of them as one record, which begins somewhere. */
int LLVMFuzzerTestOneInput(const uint8_t *given, size_t size)
{
    uint8_t *data = malloc(size + 1);
    if (size)
        memcpy(data, given, size);
    data[size] = 0;

    size_t lines = find_lines(data, size, 0, NULL, NULL), count = lines + 1;
    uint64_t *begins = malloc(count * sizeof *begins), *lengths = malloc(count * sizeof *lengths);
    require(find_lines(data, size, lines, begins, lengths) == lines);
    begins[lines] = size ? given[0] % size : 0;
    lengths[lines] = size - begins[lines];
    uint8_t *kinds = malloc(count), *ids = malloc(16 * count);
    int64_t *times = malloc(count * sizeof *times);
    scan(data, size, size ? 8u * given[size - 1] : 0, count, begins, lengths, kinds, ids, times);

    size_t total = 0;
    for (size_t record = 0; record < count; record++) {
        Place begin = data + begins[record];
        require(begins[record] + lengths[record] <= size);
        require(!lengths[record] == (kinds[record] == BLANK));
        if (kinds[record] == USUAL)
            require(begin[0] == '{' && begin[lengths[record] - 1] == '}');
        total += lengths[record] + 10;
    }
    uint8_t *written = malloc(total);
    require(write_texts(data, size, data + size, count, begins, lengths, written) <= total);

    free(written);
    free(times);
    free(ids);
    free(kinds);
    free(lengths);
    free(begins);
    free(data);
    return 0;
}
