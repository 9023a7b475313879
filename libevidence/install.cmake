# What `cmake --install` puts in place: the library with its public headers, a CMake package, a
# pkg-config file, the man pages and the schemas.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/evidence)
set(header_dir ${CMAKE_INSTALL_INCLUDEDIR}/evidence)

install(TARGETS evidence EXPORT evidenceTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})

# A header whose opening comment says "Private to" stays behind: so do all that own another
# library's C objects (*_handles.h) or build on them.
foreach(room base digest signature custody acquisition package transfer verification)
  file(GLOB headers CONFIGURE_DEPENDS ${room}/*.h)
  foreach(header IN LISTS headers)
    file(STRINGS ${header} opening LIMIT_COUNT 12 REGEX "^//.* Private to")
    if(NOT opening)
      install(FILES ${header} DESTINATION ${header_dir}/${room})
    endif()
  endforeach()
endforeach()

install(EXPORT evidenceTargets NAMESPACE evidence:: DESTINATION ${package_dir})
configure_package_config_file(evidenceConfig.cmake.in evidenceConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(evidenceConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/evidenceConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/evidenceConfigVersion.cmake
  DESTINATION ${package_dir})

# Relative to the file itself, so that the installed folder can be moved.
file(RELATIVE_PATH prefix_from_pkgconfig /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(evidence.pc.in evidence.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/evidence.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

foreach(section 1 5 7)
  file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/man/*.${section})
  install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/schemas DESTINATION ${CMAKE_INSTALL_DATADIR}/evidence
  FILES_MATCHING PATTERN "*.json")
