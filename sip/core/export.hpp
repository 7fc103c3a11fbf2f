// SPDX-License-Identifier: MIT
#pragma once

/// Marks what the shared libraries export; everything else has hidden visibility. The one macro of the project.
#if defined(__GNUC__)
#define PARLEY_EXPORT __attribute__((visibility("default")))
#else
#define PARLEY_EXPORT
#endif
