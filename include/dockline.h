/*
 * dockline: a blocking client library for the Docker Engine API
 *
 * dockline calls Docker Engine, or Podman, over a Unix socket, TCP, TLS or ssh. It has no
 * global state, needs no initialisation, and starts no threads.
 *
 * FIRST PROGRAM
 *     Lists the IDs of the running containers; exits with 1 on failure.
 *
 *         #include <dockline.h>
 *         #include <stdio.h>
 *
 *         int main(void) {
 *             dockline_context *docker = NULL;
 *             dockline_value *list = NULL;
 *             dockline_error *error = NULL;
 *             int failed = dockline_context_from_env(&docker, &error) < 0 ||
 *                          dockline_container_list(docker, NULL, &list, &error) < 0;
 *             if (failed)
 *                 fprintf(stderr, "%s\n", dockline_error_message(error));
 *             for (size_t i = 0; i < dockline_value_size(list); i++) {
 *                 const dockline_value *container = dockline_value_at(list, i);
 *                 puts(dockline_value_string(dockline_value_get(container, "/Id"), ""));
 *             }
 *             dockline_value_free(list);
 *             dockline_error_free(error);
 *             dockline_context_free(docker);
 *             return failed;
 *         }
 *
 * OWNERSHIP
 *     A T ** parameter receives a new object, and a function that returns a T * creates one.
 *     The caller frees it with dockline_T_free(), in any order and from any thread; NULL is
 *     allowed. A const T * belongs to the object that it was obtained from, and is valid until
 *     that object is changed or freed. Strings, bytes and values that are passed to a function
 *     are copied before it returns. Objects are freed by the functions of this header only,
 *     never by free().
 *
 * FUNCTIONS
 *     Most functions have the form
 *
 *         int dockline_noun_verb(context, inputs..., outputs..., error);
 *
 *     Three parameters have the same meaning everywhere, and their description is not repeated
 *     in each function: context is the engine to call; error receives an error object after a
 *     failure; user_data is passed to callbacks unchanged. error, user_data and options may
 *     always be NULL. Other pointers must not be NULL unless their description allows it.
 *
 * ERRORS AND STATUSES
 *     A function that can fail returns an int: 0 (DOCKLINE_OK) for success, a negative
 *     dockline_status for failure, or a positive one for success with additional information,
 *     such as DOCKLINE_END. Test for < 0. After a failure, *error is a new dockline_error with
 *     the failed operation, a message, and the HTTP status or errno if there is one. After
 *     success, *error is unchanged. All other outputs are written on success only.
 *
 *     A NULL pointer that is not allowed, a string that is not UTF-8, and an unknown option
 *     fail with DOCKLINE_INVALID_ARGUMENT; nothing is sent. A call or option that the engine's
 *     API version does not support fails with DOCKLINE_ENGINE_TOO_OLD before it is sent.
 *     Functions that only read an object have no error: they return NULL, 0 or the given
 *     fallback.
 *
 * VALUES AND JSON POINTER
 *     Responses are dockline_value trees: JSON with the names of the Engine API reference, so
 *     new fields of newer engines are available at once. Parts are found by JSON Pointer
 *     (RFC 6901):
 *
 *         dockline_value_string(dockline_value_get(value, "/State/Health/Status"), "unknown")
 *
 *     Lookups accept and return NULL, so they can be nested; only the last one needs a
 *     fallback. dockline_value_require() returns an error that names a missing part.
 *
 * OPTIONS
 *     Options and request bodies are dockline_value objects, too. NULL means no options; a
 *     member that is null is not set. Unknown names and wrong types are errors that list what
 *     is valid.
 *
 *         dockline_value *options = dockline_value_new();
 *         dockline_value_set_bool(options, "/all", true, NULL);
 *         dockline_value_set_string(options, "/filters/status", "running", NULL);
 *
 *     An option has one of these types:
 *         string, boolean, object, array
 *         integer   a number without a fraction
 *         number    a number with or without a fraction
 *         time      Unix seconds as an integer, an RFC 3339 string such as
 *                   "2024-05-01T10:00:00Z", or a duration ago as a string such as "1h30m"
 *     A version behind the type, such as 1.41, is the API version that the option requires.
 *
 *     The option "filters" is an object: each name has a string, or an array of strings of
 *     which one must match.
 *
 * STRINGS
 *     All strings are UTF-8. Returned strings end with NUL. If a string may contain NUL,
 *     another function returns its length. Data of length 0 may be NULL.
 *
 * STREAMS
 *     Events, progress, output and archives are streamed: memory stays small whatever their
 *     size. A ..._next() function returns one item at a time, and DOCKLINE_END at the end; the
 *     item is valid until the next call. A ..._each() function passes each item to a callback
 *     instead, until the callback returns a value other than 0. Freeing a stream closes its
 *     connection, also before its end. Uploads are read from a dockline_source: a callback, a
 *     descriptor or a file. Attach and exec return both directions of one connection: a
 *     dockline_output to read and a dockline_input to write, which two threads may use at the
 *     same time.
 *
 * THREADS AND CANCELLATION
 *     Functions may be called from any thread. Many threads may use a dockline_context, a
 *     dockline_cancel_token or a const object at the same time; any other object may be used
 *     by one thread at a time. A call blocks until the engine has responded or a timeout has
 *     expired. Another thread can end it with dockline_cancel_token_cancel(): the call then
 *     returns DOCKLINE_CANCELLED. See dockline_context_derive().
 *
 *     Callbacks run on the calling thread, before the function returns. They must return
 *     normally, and must not longjmp() or throw a C++ exception.
 *
 * RESULT CALLBACK
 *     dockline_context_on_result() sets a callback that receives every call, successful or
 *     failed: request and response as sent and received, times, and the error. Credentials are
 *     redacted.
 *
 * CREDENTIALS
 *     Calls that involve a registry send the credentials that the docker command stores for
 *     this user, in config.json or with a credential helper. The option "credentials" of
 *     dockline_context_open() selects others. The option "X-Registry-Auth" of a call overrides
 *     both: an object with "username" and "password", or "identitytoken"; an empty object
 *     makes the call anonymous. A problem with stored credentials does not fail the call; it
 *     is a note of its result, see dockline_result_note(). Values are wiped from memory when
 *     they are freed.
 *
 * SIGNALS AND FORK
 *     The library installs no signal handlers. Writing to an engine that has closed the
 *     connection does not raise SIGPIPE. Signal handlers must not call functions of this
 *     library. Descriptors are closed on exec(). After fork(), the child must neither use nor
 *     free objects of its parent.
 *
 * LINKING
 *     Shared:  cc app.c $(pkg-config --cflags --libs dockline)
 *     Static:  cc app.c libdockline.a -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc
 *
 * VERSIONS AND ABI
 *     Functions, types, options and statuses are added, but never changed or removed, as long
 *     as the library is called libdockline.so.0. Structs with visible members never grow; all
 *     other types are opaque. Handle unknown negative statuses as failures. The version of
 *     this header is DOCKLINE_VERSION_NUMBER; dockline_version_number() returns that of the
 *     library at run time.
 */

/*
 * CONTENTS
 *     A chapter begins with its title between equals signs: search for "==== Images".
 *
 * Errors
 *   dockline_error_code()                           Returns the status of the failed call
 *   dockline_error_http_status()                    Returns the HTTP status of the error response
 *   dockline_error_tls_failure()                    Returns the reason of a TLS failure
 *   dockline_error_errno()                          Returns the errno of the failed system call
 *   dockline_error_stream_code()                    Returns the code that the engine reports with
 *                                                   an error in a stream
 *   dockline_error_operation()                      Returns the name of the failed operation
 *   dockline_error_message()                        Returns a description of the failure
 *   dockline_error_free()                           Frees an error
 *
 * Strings
 *   dockline_string_free()                          Frees a string
 *
 * Options and results (dockline_value)
 *   dockline_value_new()                            Creates an empty object
 *   dockline_value_new_array()                      Creates an empty array
 *   dockline_value_parse()                          Parses JSON
 *   dockline_value_print()                          Formats a value as JSON
 *   dockline_value_clone()                          Copies a value with all its parts
 *   dockline_value_free()                           Frees a value and all its parts
 *   dockline_value_equal()                          Compares two values
 *   dockline_value_type()                           Returns the type of a value
 *   dockline_value_get()                            Finds a part of a value by JSON Pointer
 *   dockline_value_require()                        Finds a part of a value that must exist
 *   dockline_value_size()                           Returns the number of items or members
 *   dockline_value_at()                             Returns an item or member by its index
 *   dockline_value_key()                            Returns the name of a member by its index
 *   dockline_value_key_length()                     Returns the length of a member's name
 *   dockline_value_string()                         Returns a string
 *   dockline_value_string_length()                  Returns the length of a string
 *   dockline_value_int()                            Returns a signed integer
 *   dockline_value_uint()                           Returns an unsigned integer
 *   dockline_value_double()                         Returns a number as double
 *   dockline_value_bool()                           Returns a boolean
 *   dockline_value_set_string()                     Sets a part of a value to a string
 *   dockline_value_set_stringn()                    Sets a part to a string of a given length
 *   dockline_value_set_int()                        Sets a part of a value to a signed integer
 *   dockline_value_set_uint()                       Sets a part of a value to an unsigned integer
 *   dockline_value_set_double()                     Sets a part of a value to a double
 *   dockline_value_set_bool()                       Sets a part of a value to a boolean
 *   dockline_value_set_null()                       Sets a part of a value to null
 *   dockline_value_set_object()                     Sets a part of a value to an empty object
 *   dockline_value_set_array()                      Sets a part of a value to an empty array
 *   dockline_value_set_value()                      Sets a part of a value to a copy of another
 *   dockline_value_remove()                         Removes a part of a value
 *
 * Contexts: opening an engine
 *   dockline_context_from_env()                     Opens the engine that the docker command uses
 *   dockline_context_open()                         Opens the engine at an address, with options
 *   dockline_context_derive()                       Creates a context with other options
 *   dockline_context_on_result()                    Sets a callback that receives each call's
 *                                                   result
 *   dockline_context_endpoint()                     Returns the engine's address
 *   dockline_context_endpoint_source()              Returns what determined the engine, as a
 *                                                   keyword
 *   dockline_context_endpoint_source_description()  Returns what determined the engine, as a phrase
 *   dockline_context_api_version()                  Returns the API version in use
 *   dockline_context_free()                         Frees a context
 *
 * Docker contexts
 *   dockline_docker_context_list()                  Lists the docker contexts of the docker command
 *   dockline_docker_context_inspect()               Returns a docker context by its name
 *
 * Cancellation
 *   dockline_cancel_token_new()                     Creates a cancel token
 *   dockline_cancel_token_cancel()                  Cancels all calls and streams of a token
 *   dockline_cancel_token_is_cancelled()            Returns whether a token has been cancelled
 *   dockline_cancel_token_free()                    Frees a cancel token
 *
 * Results of calls (dockline_result)
 *   dockline_result_operation()                     Returns the operationId of the call
 *   dockline_result_method()                        Returns the HTTP method of the request
 *   dockline_result_endpoint()                      Returns the engine's address
 *   dockline_result_url()                           Returns the URL of the request
 *   dockline_result_request_head()                  Returns the request line and headers as sent
 *   dockline_result_request_body()                  Returns the beginning of the request body
 *   dockline_result_request_body_size()             Returns the length of the whole request body
 *   dockline_result_status()                        Returns the HTTP status of the response
 *   dockline_result_response_head()                 Returns the status line and headers of the
 *                                                   final response as received
 *   dockline_result_response_body()                 Returns the beginning of the response body
 *   dockline_result_response_body_size()            Returns the length of the whole response body
 *   dockline_result_started()                       Returns the start time of the call
 *   dockline_result_ended()                         Returns the end time of the call
 *   dockline_result_duration()                      Returns the duration of the call
 *   dockline_result_error()                         Returns the error message of a failed call
 *   dockline_result_note_count()                    Returns the number of notes
 *   dockline_result_note()                          Returns a note: a warning about the call
 *   dockline_result_clone()                         Copies a result, to keep it after the callback
 *   dockline_result_free()                          Frees a copy of a result
 *
 * Uploads (dockline_source)
 *   dockline_source_from_callback()                 Creates a source that reads from a callback
 *   dockline_source_from_fd()                       Creates a source that reads from a descriptor
 *   dockline_source_from_path()                     Creates a source that reads a file
 *   dockline_source_free()                          Frees a source
 *
 * Streams (dockline_stream)
 *   dockline_stream_next()                          Waits for the next item of a stream
 *   dockline_stream_each()                          Calls a callback for each item of a stream
 *   dockline_stream_cancel_token()                  Returns a token that cancels a stream
 *   dockline_stream_free()                          Frees a stream and closes its connection
 *
 * Container output (dockline_output)
 *   dockline_output_next()                          Waits for the next frame of output
 *   dockline_output_each()                          Calls a callback for each frame of output
 *   dockline_output_until_exit()                    Ends the output when its container has exited
 *   dockline_output_finish()                        Discards remaining output, returns the exit
 *                                                   code
 *   dockline_output_is_terminal()                   Returns whether the container has a terminal
 *   dockline_output_cancel_token()                  Returns a token that cancels an output
 *   dockline_output_free()                          Frees an output and closes its connection
 *
 * Container input (dockline_input)
 *   dockline_input_write()                          Writes data to the input
 *   dockline_input_close()                          Closes the input; output can still be read
 *   dockline_input_free()                           Frees an input
 *
 * Downloads (dockline_download)
 *   dockline_download_next()                        Waits for the next bytes of a download
 *   dockline_download_to_fd()                       Writes the rest of a download to a descriptor
 *   dockline_download_to_path()                     Writes the rest of a download to a file
 *   dockline_download_each()                        Calls a callback with the rest of a download
 *   dockline_download_cancel_token()                Returns a token that cancels a download
 *   dockline_download_free()                        Frees a download and closes its connection
 *
 * System
 *   dockline_system_ping()                          Checks whether the engine responds
 *   dockline_system_version()                       Returns the versions of the engine
 *   dockline_system_info()                          Returns information about the engine and its
 *                                                   host
 *   dockline_system_auth()                          Checks credentials with a registry
 *   dockline_system_data_usage()                    Returns the disk usage of the engine's objects
 *   dockline_system_data_usage_totals()             Returns the sums of a disk usage
 *   dockline_system_events()                        Streams the events of the engine
 *   dockline_system_events_reconnecting()           Streams events across lost connections
 *
 * Registry credentials
 *   dockline_credentials_find()                     Finds the credentials for an image's registry
 *   dockline_credentials_login()                    Checks registry credentials and stores them
 *   dockline_credentials_logout()                   Removes the stored credentials for a registry
 *
 * Containers
 *   dockline_container_list()                       Lists containers
 *   dockline_container_name()                       Returns the name of a container in a list
 *   dockline_container_create()                     Creates a container
 *   dockline_container_inspect()                    Inspects a container
 *   dockline_container_update()                     Changes resource limits and the restart policy
 *   dockline_container_rename()                     Renames a container
 *   dockline_container_delete()                     Removes a container
 *   dockline_container_prune()                      Removes all stopped containers
 *
 * Containers: life cycle
 *   dockline_container_start()                      Starts a container
 *   dockline_container_stop()                       Stops a container
 *   dockline_container_restart()                    Restarts a container
 *   dockline_container_kill()                       Sends a signal to a container
 *   dockline_container_pause()                      Pauses all processes of a container
 *   dockline_container_unpause()                    Resumes a paused container
 *   dockline_container_wait()                       Waits for a container to exit
 *   dockline_container_wait_start()                 Starts to wait for a container
 *   dockline_wait_finish()                          Blocks until a wait ends
 *   dockline_wait_cancel_token()                    Returns a token that cancels a wait
 *   dockline_wait_free()                            Frees a wait
 *
 * Containers: output and input
 *   dockline_container_logs()                       Reads the logs of a container
 *   dockline_container_attach()                     Attaches to a container
 *   dockline_container_attach_websocket()           Attaches to a container by WebSocket
 *   dockline_container_resize()                     Resizes the terminal of a container
 *
 * Containers: files
 *   dockline_container_changes()                    Lists changes to the filesystem of a container
 *   dockline_container_export()                     Exports the filesystem of a container as a tar
 *   dockline_container_archive_info()               Returns size and mode of a file in a container
 *   dockline_container_archive()                    Copies files from a container, as a tar
 *   dockline_container_put_archive()                Extracts a tar into a directory of a container
 *
 * Containers: processes and resource usage
 *   dockline_container_top()                        Lists the processes of a container
 *   dockline_container_stats()                      Streams the resource usage of a container
 *   dockline_container_stats_once()                 Returns the current resource usage of a
 *                                                   container
 *   dockline_stats_cpu_percent()                    Computes the CPU usage of a container
 *   dockline_stats_cpu_percent_since()              Computes the CPU usage between two samples
 *   dockline_stats_memory_used()                    Computes the memory usage of a container
 *
 * Containers: checkpoints
 *   dockline_checkpoint_create()                    Creates a checkpoint of a running container
 *   dockline_checkpoint_list()                      Lists the checkpoints of a container
 *   dockline_checkpoint_delete()                    Removes a checkpoint of a container
 *
 * Exec: programs in running containers
 *   dockline_exec_create()                          Creates an exec in a running container
 *   dockline_exec_start()                           Starts an exec and connects to its streams
 *   dockline_exec_start_detached()                  Starts an exec without connecting to it
 *   dockline_exec_resize()                          Resizes the terminal of an exec
 *   dockline_exec_inspect()                         Inspects an exec
 *   dockline_exec_wait()                            Waits for an exec to exit
 *
 * Images
 *   dockline_image_list()                           Lists images
 *   dockline_image_inspect()                        Inspects an image
 *   dockline_image_history()                        Lists the layers of an image
 *   dockline_image_tag()                            Adds a tag to an image
 *   dockline_image_search()                         Searches Docker Hub for images
 *   dockline_image_commit()                         Creates an image from a container
 *   dockline_image_attestations()                   Lists the attestations of an image
 *   dockline_image_delete()                         Removes an image, or one of its tags
 *   dockline_image_prune()                          Removes unused images
 *
 * Images: pull, push, save and load
 *   dockline_image_create()                         Pulls or imports an image
 *   dockline_image_push()                           Pushes an image to its registry
 *   dockline_push_digest()                          Returns the digest of the manifest that a push
 *                                                   has put into the registry
 *   dockline_push_tag()                             Returns the tag that a push has put into the
 *                                                   registry
 *   dockline_push_size()                            Returns the size of the manifest that a push
 *                                                   has put into the registry
 *   dockline_image_get()                            Saves an image as a tar
 *   dockline_image_get_all()                        Saves several images as one tar
 *   dockline_image_load()                           Loads images from a tar
 *
 * Images: build
 *   dockline_image_build()                          Builds an image from a tar
 *   dockline_image_build_directory()                Builds an image from a directory
 *   dockline_image_build_dockerfile()               Builds an image from the text of a Dockerfile
 *   dockline_image_build_dockerfile_in()            Builds an image from the text of a Dockerfile
 *                                                   and a directory
 *   dockline_build_builder()                        Returns the name of the builder
 *   dockline_build_image_id()                       Returns the ID of the image that was built
 *   dockline_build_prune()                          Removes build cache
 *   dockline_build_cancel()                         Cancels a BuildKit build by its ID
 *
 * Networks
 *   dockline_network_list()                         Lists networks
 *   dockline_network_inspect()                      Inspects a network
 *   dockline_network_delete()                       Removes a network
 *   dockline_network_create()                       Creates a network
 *   dockline_network_connect()                      Connects a container to a network
 *   dockline_network_disconnect()                   Disconnects a container from a network
 *   dockline_network_prune()                        Removes unused networks
 *
 * Volumes
 *   dockline_volume_list()                          Lists volumes
 *   dockline_volume_create()                        Creates a volume
 *   dockline_volume_inspect()                       Inspects a volume
 *   dockline_volume_update()                        Changes the availability of a cluster volume
 *   dockline_volume_update_with()                   Changes a cluster volume by a callback
 *   dockline_volume_delete()                        Removes a volume and its data
 *   dockline_volume_prune()                         Removes unused volumes and their data
 *
 * Swarm
 *   dockline_swarm_inspect()                        Inspects the swarm
 *   dockline_swarm_init()                           Creates a swarm with this engine as a manager
 *   dockline_swarm_join()                           Joins the engine to a swarm
 *   dockline_swarm_leave()                          Removes the engine from its swarm
 *   dockline_swarm_update()                         Changes the swarm
 *   dockline_swarm_update_with()                    Changes the swarm by a callback
 *   dockline_swarm_unlockkey()                      Returns the key that unlocks managers
 *   dockline_swarm_unlock()                         Unlocks a manager after its restart
 *
 * Nodes
 *   dockline_node_list()                            Lists the nodes of the swarm
 *   dockline_node_inspect()                         Inspects a node
 *   dockline_node_delete()                          Removes a node from the swarm
 *   dockline_node_update()                          Changes a node
 *   dockline_node_update_with()                     Changes a node by a callback
 *
 * Services
 *   dockline_service_list()                         Lists services
 *   dockline_service_create()                       Creates a service
 *   dockline_service_inspect()                      Inspects a service
 *   dockline_service_update()                       Changes a service
 *   dockline_service_update_with()                  Changes a service by a callback
 *   dockline_service_rollback()                     Rolls a service back to its previous spec
 *   dockline_service_delete()                       Removes a service
 *   dockline_service_logs()                         Reads the logs of all tasks of a service
 *   dockline_service_wait_converged()               Waits until a service has converged
 *
 * Tasks
 *   dockline_task_list()                            Lists tasks
 *   dockline_task_inspect()                         Inspects a task
 *   dockline_task_logs()                            Reads the logs of a task
 *
 * Secrets
 *   dockline_secret_list()                          Lists secrets
 *   dockline_secret_create()                        Creates a secret
 *   dockline_secret_inspect()                       Inspects a secret
 *   dockline_secret_delete()                        Removes a secret
 *   dockline_secret_update()                        Changes the labels of a secret
 *   dockline_secret_update_with()                   Changes a secret by a callback
 *
 * Configs
 *   dockline_config_list()                          Lists configs
 *   dockline_config_create()                        Creates a config
 *   dockline_config_inspect()                       Inspects a config
 *   dockline_config_delete()                        Removes a config
 *   dockline_config_update()                        Changes the labels of a config
 *   dockline_config_update_with()                   Changes a config by a callback
 *
 * Distribution: images in registries
 *   dockline_distribution_inspect()                 Looks up an image in its registry
 *
 * Plugins
 *   dockline_plugin_list()                          Lists the installed plugins
 *   dockline_plugin_privileges()                    Returns the privileges that a plugin requires
 *   dockline_plugin_pull()                          Installs a plugin from a registry
 *   dockline_plugin_pull_with_grant()               Installs a plugin after a callback has agreed
 *   dockline_plugin_stream_name()                   Returns the name of a plugin being installed
 *   dockline_plugin_inspect()                       Inspects a plugin
 *   dockline_plugin_delete()                        Removes a plugin
 *   dockline_plugin_enable()                        Enables a plugin
 *   dockline_plugin_disable()                       Disables a plugin
 *   dockline_plugin_upgrade()                       Replaces a plugin with a version in a registry
 *   dockline_plugin_upgrade_with_grant()            Upgrades a plugin after a callback has agreed
 *   dockline_plugin_create()                        Creates a plugin from a tar
 *   dockline_plugin_push()                          Pushes a plugin to its registry
 *   dockline_plugin_set()                           Changes the settings of a plugin
 *
 * BuildKit sessions
 *   dockline_session_open()                         Opens a session through which BuildKit calls
 *                                                   back
 *   dockline_session_grpc()                         Opens a connection to the engine's BuildKit
 *
 * Raw requests
 *   dockline_raw()                                  Sends any request and reads its whole response
 *   dockline_raw_stream()                           Sends any request and streams its response
 *   dockline_response_status()                      Returns the HTTP status of a response
 *   dockline_response_header()                      Returns a header of a response
 *   dockline_response_body()                        Returns the body of a response
 *   dockline_response_free()                        Frees a response
 *
 * Version of the library
 *   dockline_version()                              Returns the library's version as a string
 *   dockline_version_number()                       Returns the library's version as a number
 *
 * A function that panics, for a test of the guard. Released libraries do not contain it
 */

#ifndef DOCKLINE_H
#define DOCKLINE_H

/* Written by `make header` from src/ffi: change it there. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DOCKLINE_VERSION "0.1.0"
#define DOCKLINE_VERSION_MAJOR 0
#define DOCKLINE_VERSION_MINOR 1
#define DOCKLINE_VERSION_PATCH 0
#define DOCKLINE_VERSION_NUMBER \
    (DOCKLINE_VERSION_MAJOR * 1000000 + DOCKLINE_VERSION_MINOR * 1000 + DOCKLINE_VERSION_PATCH)

/* ==== Types ==== */

/**
 * Type of a value.
 *
 * Types may be added in later versions.
 */
typedef enum {
    /**
     * No value: the pointer is NULL.
     */
    DOCKLINE_TYPE_NONE = 0,
    /**
     * The JSON literal null.
     */
    DOCKLINE_TYPE_NULL = 1,
    /**
     * true or false.
     */
    DOCKLINE_TYPE_BOOL = 2,
    /**
     * A number without fraction and exponent, from INT64_MIN to UINT64_MAX.
     */
    DOCKLINE_TYPE_INTEGER = 3,
    /**
     * Any other number.
     */
    DOCKLINE_TYPE_DOUBLE = 4,
    /**
     * A string.
     */
    DOCKLINE_TYPE_STRING = 5,
    /**
     * A list of values, its items.
     */
    DOCKLINE_TYPE_ARRAY = 6,
    /**
     * A list of named values, its members.
     */
    DOCKLINE_TYPE_OBJECT = 7,
} dockline_type;

/**
 * Status that a function returns.
 *
 * Functions return it as an int: 0 is success, a negative status is a failure, a positive
 * status is success with additional information. Statuses are added in later versions; a
 * number never changes its meaning.
 *
 * A swarm object that another client has changed since it was read gives DOCKLINE_CONFLICT,
 * whatever HTTP status the engine sends.
 */
typedef enum {
    /**
     * Success.
     */
    DOCKLINE_OK = 0,
    /**
     * The stream has ended; no item was returned.
     */
    DOCKLINE_END = 1,
    /**
     * Nothing to do: already started, already stopped, or nothing to remove.
     */
    DOCKLINE_NOT_MODIFIED = 2,
    /**
     * The callback returned a value other than 0.
     */
    DOCKLINE_STOPPED = 3,
    /**
     * An argument is not valid; nothing was sent.
     */
    DOCKLINE_INVALID_ARGUMENT = -1,
    /**
     * The engine rejected the request (HTTP 400, or a 4xx without its own status).
     */
    DOCKLINE_BAD_REQUEST = -2,
    /**
     * Credentials are missing or wrong (HTTP 401, or 500 if a registry has rejected them).
     */
    DOCKLINE_UNAUTHORIZED = -3,
    /**
     * The request is not permitted (HTTP 403).
     */
    DOCKLINE_FORBIDDEN = -4,
    /**
     * The container, image or other object does not exist (HTTP 404).
     */
    DOCKLINE_NOT_FOUND = -5,
    /**
     * The current state does not permit it: name in use, container paused (HTTP 409).
     */
    DOCKLINE_CONFLICT = -6,
    /**
     * The engine cannot serve the call now (HTTP 503) or does not support it (HTTP 501, or 404
     * or 405 if it does not have the route).
     */
    DOCKLINE_UNAVAILABLE = -7,
    /**
     * The engine failed (HTTP 500 or another 5xx) or sent a redirect (HTTP 3xx).
     */
    DOCKLINE_ENGINE = -8,
    /**
     * The engine is too old for the call or for one of its options.
     */
    DOCKLINE_ENGINE_TOO_OLD = -9,
    /**
     * The engine no longer supports the requested API version.
     */
    DOCKLINE_ENGINE_TOO_NEW = -10,
    /**
     * The engine cannot be reached; see dockline_error_errno().
     */
    DOCKLINE_CONNECT = -11,
    /**
     * The connection broke while it was in use.
     */
    DOCKLINE_DISCONNECTED = -12,
    /**
     * A timeout or the deadline has expired.
     */
    DOCKLINE_TIMEOUT = -13,
    /**
     * Another thread has cancelled the call.
     */
    DOCKLINE_CANCELLED = -14,
    /**
     * The response is not HTTP, or it violates the Engine API.
     */
    DOCKLINE_PROTOCOL = -15,
    /**
     * The response is not the expected JSON, or a required part is missing.
     */
    DOCKLINE_DECODE = -16,
    /**
     * The engine reported a failure in a stream that began with success.
     */
    DOCKLINE_STREAM = -17,
    /**
     * Reading or writing local data failed: a file, a descriptor or a callback.
     */
    DOCKLINE_IO = -18,
    /**
     * A bug in this library: the call failed, but the program may continue.
     */
    DOCKLINE_PANIC = -19,
    /**
     * The engine is not in a swarm (HTTP 503): see dockline_swarm_init() and _join().
     */
    DOCKLINE_NO_SWARM = -20,
    /**
     * The engine is a worker of its swarm; only managers serve the call (HTTP 503).
     */
    DOCKLINE_NOT_MANAGER = -21,
    /**
     * The swarm manager is locked (HTTP 503): see dockline_swarm_unlock().
     */
    DOCKLINE_SWARM_LOCKED = -22,
    /**
     * The plugin requires privileges that were not granted; nothing was changed.
     */
    DOCKLINE_NOT_GRANTED = -23,
    /**
     * The TLS handshake or connection failed: see dockline_error_tls_failure().
     */
    DOCKLINE_TLS = -24,
} dockline_status;

/**
 * Standard stream that a frame was written to.
 */
typedef enum {
    /**
     * Standard output, or a terminal, which merges both streams.
     */
    DOCKLINE_STDOUT = 1,
    /**
     * Standard error.
     */
    DOCKLINE_STDERR = 2,
} dockline_std_stream;

/**
 * Reason of a TLS failure.
 *
 * See dockline_error_tls_failure(). Reasons are added in later versions; a number never
 * changes its meaning.
 */
typedef enum {
    /**
     * Not a TLS failure.
     */
    DOCKLINE_TLS_FAILURE_NONE = 0,
    /**
     * The engine's certificate is not signed by a trusted authority.
     */
    DOCKLINE_TLS_FAILURE_UNTRUSTED_AUTHORITY = 1,
    /**
     * The engine's certificate is for another host.
     */
    DOCKLINE_TLS_FAILURE_WRONG_NAME = 2,
    /**
     * The engine's certificate has expired, or is not valid yet.
     */
    DOCKLINE_TLS_FAILURE_EXPIRED = 3,
    /**
     * The engine requires a client certificate, and none is configured.
     */
    DOCKLINE_TLS_FAILURE_CLIENT_CERTIFICATE_MISSING = 4,
    /**
     * The engine rejected the client certificate.
     */
    DOCKLINE_TLS_FAILURE_CLIENT_CERTIFICATE_REFUSED = 5,
    /**
     * The private key does not belong to the client certificate.
     */
    DOCKLINE_TLS_FAILURE_KEY_MISMATCH = 6,
    /**
     * The engine does not use TLS, but the client does.
     */
    DOCKLINE_TLS_FAILURE_NOT_TLS = 7,
    /**
     * The engine requires TLS, but the client does not use it.
     */
    DOCKLINE_TLS_FAILURE_TLS_EXPECTED = 8,
    /**
     * Another failure, such as no common version or cipher, or a malformed message.
     */
    DOCKLINE_TLS_FAILURE_PROTOCOL = 9,
} dockline_tls_failure;

/**
 * Cancels calls and streams from another thread.
 *
 * It is created by dockline_cancel_token_new() and given to dockline_context_derive(), or
 * obtained from a stream, such as with dockline_stream_cancel_token(). Free it with
 * dockline_cancel_token_free(), before or after the calls that it can cancel. Many threads
 * may use it at once.
 */
typedef struct dockline_cancel_token dockline_cancel_token;

/**
 * An engine with its address, settings and API version.
 *
 * It is opened by dockline_context_from_env() or dockline_context_open(), or derived from
 * another one by dockline_context_derive(); dockline_context_free() frees it. Many threads
 * may use it at once; no lock is held during a call. Streams and derived contexts do not
 * depend on it.
 */
typedef struct dockline_context dockline_context;

/**
 * Bytes from the engine, such as a tar archive.
 *
 * They are read in constant memory, whatever their number. One thread may use a download at a
 * time. dockline_download_free() frees it and closes its connection, at the end or before.
 */
typedef struct dockline_download dockline_download;

/**
 * Description of a failed call.
 *
 * A function that fails stores a new one in *error, unless error is NULL. Free it with
 * dockline_error_free(). Any number of threads may read it at once.
 */
typedef struct dockline_error dockline_error;

/**
 * Standard input of a container or exec.
 *
 * It is received from dockline_container_attach(), dockline_container_attach_websocket() or
 * dockline_exec_start(), or as the sending half of dockline_session_open(). Free it with
 * dockline_input_free(). A dockline_output belongs to the same connection: one thread may
 * write the input while another thread reads the output. Read the output while writing much
 * input: engines stop reading if their output is not read. dockline_output_cancel_token()
 * cancels both directions. The connection closes when both are freed, in any order.
 */
typedef struct dockline_input dockline_input;

/**
 * Output of a container or exec, read frame by frame.
 *
 * One thread may use it at a time. dockline_output_free() frees it and closes its connection,
 * at the end or before; the container continues to run. If it was received together with a
 * dockline_input, the connection closes when both are freed.
 */
typedef struct dockline_output dockline_output;

/**
 * Response to a raw request.
 *
 * It is received from dockline_raw() and freed with dockline_response_free(). Any number of
 * threads may read it at once.
 */
typedef struct dockline_response dockline_response;

/**
 * Record of one call: request, response, times, error.
 *
 * The callback of dockline_context_on_result() receives it; dockline_result_clone() makes a
 * copy that outlives the callback. Bodies are recorded up to "capture_limit" bytes, their
 * lengths in full. Credentials are replaced by [redacted] unless "reveal_secrets" is set. All
 * strings and bytes belong to the result, and are followed by a NUL that is not counted. Many
 * threads may read a result at once.
 */
typedef struct dockline_result dockline_result;

/**
 * Source of an upload: a callback, descriptor or file.
 *
 * An upload reads it to its end, in a few KiB of memory whatever its size. The upload does
 * not free it: call dockline_source_free() afterwards. One thread may use it at a time.
 */
typedef struct dockline_source dockline_source;

/**
 * Streamed response: a sequence of JSON values.
 *
 * It carries events, progress messages, or the changes of a service. One thread may use it at
 * a time. dockline_stream_free() frees it and closes its connection, at the end or before:
 * the engine then aborts work in progress, but continues the update of a service.
 */
typedef struct dockline_stream dockline_stream;

/**
 * JSON value: a response, options or a request body.
 *
 * The caller owns values that it receives through a dockline_value ** and values that a
 * function returns as dockline_value *: free them with dockline_value_free(). A
 * const dockline_value * is a part of another value. It is valid, at the same address, until
 * that value is changed or freed.
 *
 * Parts are found by JSON Pointer (RFC 6901): "/State/Health/Status", "/Names/0", or "" for
 * the value itself. In a name, ~1 stands for / and ~0 for ~. Members keep their order. Of
 * several members with the same name, the last one counts. Values nest up to 100 levels deep.
 *
 * Any number of threads may read a value at once. While a thread changes a value, no other
 * thread may use it.
 */
typedef struct dockline_value dockline_value;

/**
 * A wait for the exit of a container.
 *
 * Obtained from dockline_container_wait_start(); free it with dockline_wait_free(). One
 * thread at a time may use it.
 */
typedef struct dockline_wait dockline_wait;

/**
 * Part of the output.
 *
 * Engines split output anywhere, also within a line. This struct never changes.
 */
typedef struct {
    /**
     * DOCKLINE_STDOUT or DOCKLINE_STDERR.
     */
    int stream;
    /**
     * The bytes, without a NUL behind them.
     */
    const void *data;
    /**
     * The number of bytes, never 0.
     */
    size_t length;
} dockline_frame;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/* ==== Errors ==== */

/*
 * A function that fails stores a new dockline_error in *error. Print the message with
 * dockline_error_message(); branch on the status.
 */

/**
 * Returns the status of the failed call.
 *
 * This is the negative dockline_status that the function returned; 0 if error is NULL.
 */
int dockline_error_code(const dockline_error *error);

/**
 * Returns the HTTP status of the error response.
 *
 * Returns 0 if the failure is not an error response of the engine, or if error is NULL.
 */
int dockline_error_http_status(const dockline_error *error);

/**
 * Returns the reason of a TLS failure.
 *
 * Returns a dockline_tls_failure; DOCKLINE_TLS_FAILURE_NONE if the status is not
 * DOCKLINE_TLS, or if error is NULL.
 */
int dockline_error_tls_failure(const dockline_error *error);

/**
 * Returns the errno of the failed system call.
 *
 * Returns 0 if the failure has no errno, or if error is NULL.
 */
int dockline_error_errno(const dockline_error *error);

/**
 * Returns the code that the engine reports with an error in a stream.
 *
 * For a build this is the exit code of the failed command, for dockline_wait_finish() the exit
 * code of the container. Not every error in a stream has a code.
 *
 * error: may be NULL.
 * fallback: the result if the status is not DOCKLINE_STREAM, if the engine reports no code, or
 *    if error is NULL.
 */
int64_t dockline_error_stream_code(const dockline_error *error, int64_t fallback);

/**
 * Returns the name of the failed operation.
 *
 * This is the operationId of the Engine API, such as "ContainerStart". Functions that call no
 * engine have a name such as "Context" or "dockline_value_parse". The string belongs to the
 * error; it is never NULL, and "" if error is NULL.
 */
const char *dockline_error_operation(const dockline_error *error);

/**
 * Returns a description of the failure.
 *
 * The message states what failed, contains the engine's message, and suggests a remedy if one
 * is known. It is for people: branch on the status instead. The string belongs to the error;
 * it is never NULL, and "" if error is NULL.
 */
const char *dockline_error_message(const dockline_error *error);

/**
 * Frees an error.
 *
 * error: may be NULL.
 */
void dockline_error_free(dockline_error *error);

/* ==== Strings ==== */

/**
 * Frees a string.
 *
 * string: received through a char ** parameter; may be NULL.
 */
void dockline_string_free(char *string);

/* ==== Options and results (dockline_value) ==== */

/*
 * Responses, options and request bodies are JSON values. Find a part of a response with
 * dockline_value_get() and read it with a function for its type, such as
 * dockline_value_string(). Create options with dockline_value_new() and the
 * dockline_value_set functions, or from JSON with dockline_value_parse().
 */

/**
 * Creates an empty object.
 *
 * Returns the object; free it with dockline_value_free().
 */
dockline_value *dockline_value_new(void);

/**
 * Creates an empty array.
 *
 * Returns the array; free it with dockline_value_free().
 */
dockline_value *dockline_value_new_array(void);

/**
 * Parses JSON.
 *
 * json: the JSON in UTF-8; a NUL at its end is not required.
 * length: its length in bytes.
 * value: receives the value; free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT if the JSON is not valid: the message has
 * line and column.
 */
int dockline_value_parse(const void *json,
                         size_t length,
                         dockline_value **value,
                         dockline_error **error);

/**
 * Formats a value as JSON.
 *
 * value: the value, or a part of one.
 * pretty: true for indented output with a line for each member and item; false for one line.
 * json: receives the JSON; free it with dockline_string_free().
 * length: receives the length of the JSON in bytes, without its NUL; may be NULL.
 *
 * Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_print(const dockline_value *value,
                         bool pretty,
                         char **json,
                         size_t *length,
                         dockline_error **error);

/**
 * Copies a value with all its parts.
 *
 * value: the value, or a part of one; may be NULL.
 *
 * Returns the copy, to be freed with dockline_value_free(); NULL if value is NULL.
 */
dockline_value *dockline_value_clone(const dockline_value *value);

/**
 * Frees a value and all its parts.
 *
 * The memory is wiped, since it may hold a password.
 *
 * value: may be NULL.
 */
void dockline_value_free(dockline_value *value);

/**
 * Compares two values.
 *
 * The order of members does not matter. 1 and 1.0 differ. NULL equals only NULL.
 *
 * a: a value; may be NULL.
 * b: a value; may be NULL.
 *
 * Returns true if the values are equal.
 */
bool dockline_value_equal(const dockline_value *a, const dockline_value *b);

/**
 * Returns the type of a value.
 *
 * value: may be NULL.
 *
 * Returns the type; DOCKLINE_TYPE_NONE if value is NULL.
 */
dockline_type dockline_value_type(const dockline_value *value);

/**
 * Finds a part of a value by JSON Pointer.
 *
 * value: may be NULL, so calls can be nested.
 * pointer: the JSON Pointer, such as "/State/Status".
 *
 * Returns the part, which belongs to value; NULL if it does not exist, if the pointer is
 * malformed, or if value is NULL.
 *
 *    const char *id = dockline_value_string(dockline_value_get(container, "/Id"), "");
 */
const dockline_value *dockline_value_get(const dockline_value *value, const char *pointer);

/**
 * Finds a part of a value that must exist.
 *
 * value: the value to search.
 * pointer: the JSON Pointer of the part.
 * expected: the required type, a dockline_type. DOCKLINE_TYPE_DOUBLE also accepts integers.
 * part: receives the part, which belongs to value.
 *
 * Returns DOCKLINE_OK; DOCKLINE_DECODE if the part is missing or has another type: the message
 * names the missing member or the actual type; or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_require(const dockline_value *value,
                           const char *pointer,
                           int expected,
                           const dockline_value **part,
                           dockline_error **error);

/**
 * Returns the number of items or members.
 *
 * value: may be NULL.
 *
 * Returns the number of items of an array or of members of an object; 0 for other types, and
 * if value is NULL.
 */
size_t dockline_value_size(const dockline_value *value);

/**
 * Returns an item or member by its index.
 *
 * value: an array or an object; may be NULL.
 * index: the index, from 0.
 *
 * Returns the item of the array, or the value of the object's member; it belongs to value.
 * Returns NULL past the end, for other types, and if value is NULL.
 */
const dockline_value *dockline_value_at(const dockline_value *value, size_t index);

/**
 * Returns the name of a member by its index.
 *
 * value: an object; may be NULL.
 * index: the index, from 0.
 *
 * Returns the name, which belongs to value; NULL past the end, for other types, and if value
 * is NULL.
 */
const char *dockline_value_key(const dockline_value *value, size_t index);

/**
 * Returns the length of a member's name.
 *
 * Names may contain NUL.
 *
 * value: an object; may be NULL.
 * index: the index of the member, from 0.
 *
 * Returns the length in bytes; 0 if dockline_value_key() returns NULL.
 */
size_t dockline_value_key_length(const dockline_value *value, size_t index);

/**
 * Returns a string.
 *
 * value: may be NULL.
 * fallback: returned if value is not a string; may be NULL.
 *
 * Returns the string in UTF-8 with a NUL at its end, which belongs to value; or fallback.
 */
const char *dockline_value_string(const dockline_value *value, const char *fallback);

/**
 * Returns the length of a string.
 *
 * Strings may contain NUL.
 *
 * value: may be NULL.
 *
 * Returns the length in bytes; 0 if value is not a string or is NULL.
 */
size_t dockline_value_string_length(const dockline_value *value);

/**
 * Returns a signed integer.
 *
 * value: may be NULL.
 * fallback: returned if value is not an integer, or is greater than INT64_MAX.
 *
 * Returns the integer; or fallback.
 */
int64_t dockline_value_int(const dockline_value *value, int64_t fallback);

/**
 * Returns an unsigned integer.
 *
 * value: may be NULL.
 * fallback: returned if value is not an integer, or is negative.
 *
 * Returns the integer; or fallback.
 */
uint64_t dockline_value_uint(const dockline_value *value, uint64_t fallback);

/**
 * Returns a number as double.
 *
 * value: may be NULL.
 * fallback: returned if value is not a number.
 *
 * Returns the number, or fallback. Integers beyond 2 to the power of 53 are rounded.
 */
double dockline_value_double(const dockline_value *value, double fallback);

/**
 * Returns a boolean.
 *
 * value: may be NULL.
 * fallback: returned if value is not a boolean.
 *
 * Returns the boolean; or fallback.
 */
bool dockline_value_bool(const dockline_value *value, bool fallback);

/**
 * Sets a part of a value to a string.
 *
 * All dockline_value_set functions replace an existing part and create missing parents: an
 * array if the next name is "-" or "0", otherwise an object. The name "-" appends to an array,
 * and so does the index after the last: "/Env/-". Parts that were obtained from the value
 * before are no longer valid.
 *
 * value: the value to change.
 * pointer: the JSON Pointer of the part; "" replaces the whole value.
 * string: the string; it is copied.
 *
 * Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
 */
int dockline_value_set_string(dockline_value *value,
                              const char *pointer,
                              const char *string,
                              dockline_error **error);

/**
 * Sets a part to a string of a given length.
 *
 * value: the value to change.
 * pointer: the JSON Pointer of the part, as for dockline_value_set_string().
 * string: the string, which may contain NUL; it is copied.
 * length: its length in bytes.
 *
 * Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
 */
int dockline_value_set_stringn(dockline_value *value,
                               const char *pointer,
                               const char *string,
                               size_t length,
                               dockline_error **error);

/**
 * Sets a part of a value to a signed integer.
 *
 * value: the value to change.
 * pointer: the JSON Pointer of the part, as for dockline_value_set_string().
 * number: the integer.
 *
 * Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
 */
int dockline_value_set_int(dockline_value *value,
                           const char *pointer,
                           int64_t number,
                           dockline_error **error);

/**
 * Sets a part of a value to an unsigned integer.
 *
 * value: the value to change.
 * pointer: the JSON Pointer of the part, as for dockline_value_set_string().
 * number: the integer.
 *
 * Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
 */
int dockline_value_set_uint(dockline_value *value,
                            const char *pointer,
                            uint64_t number,
                            dockline_error **error);

/**
 * Sets a part of a value to a double.
 *
 * value: the value to change.
 * pointer: the JSON Pointer of the part, as for dockline_value_set_string().
 * number: the number; infinity and NaN are not valid.
 *
 * Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
 */
int dockline_value_set_double(dockline_value *value,
                              const char *pointer,
                              double number,
                              dockline_error **error);

/**
 * Sets a part of a value to a boolean.
 *
 * value: the value to change.
 * pointer: the JSON Pointer of the part, as for dockline_value_set_string().
 * flag: the boolean.
 *
 * Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
 */
int dockline_value_set_bool(dockline_value *value,
                            const char *pointer,
                            bool flag,
                            dockline_error **error);

/**
 * Sets a part of a value to null.
 *
 * value: the value to change.
 * pointer: the JSON Pointer of the part, as for dockline_value_set_string().
 *
 * Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
 */
int dockline_value_set_null(dockline_value *value, const char *pointer, dockline_error **error);

/**
 * Sets a part of a value to an empty object.
 *
 * value: the value to change.
 * pointer: the JSON Pointer of the part, as for dockline_value_set_string().
 *
 * Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
 */
int dockline_value_set_object(dockline_value *value, const char *pointer, dockline_error **error);

/**
 * Sets a part of a value to an empty array.
 *
 * value: the value to change.
 * pointer: the JSON Pointer of the part, as for dockline_value_set_string().
 *
 * Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
 */
int dockline_value_set_array(dockline_value *value, const char *pointer, dockline_error **error);

/**
 * Sets a part of a value to a copy of another.
 *
 * value: the value to change.
 * pointer: the JSON Pointer of the part, as for dockline_value_set_string().
 * other: the value to copy; it may be a part of value.
 *
 * Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
 */
int dockline_value_set_value(dockline_value *value,
                             const char *pointer,
                             const dockline_value *other,
                             dockline_error **error);

/**
 * Removes a part of a value.
 *
 * Items after it move up. Parts that were obtained from the value before are no longer valid.
 *
 * value: the value to change.
 * pointer: the JSON Pointer of the part; "" sets the whole value to null.
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_MODIFIED if the part does not exist; or
 * DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_remove(dockline_value *value, const char *pointer, dockline_error **error);

/* ==== Contexts: opening an engine ==== */

/*
 * Open a context with dockline_context_from_env() or dockline_context_open(), use it for all
 * calls, and free it with dockline_context_free(). dockline_context_derive() sets timeouts or
 * a cancel token for some calls only.
 */

/**
 * Opens the engine that the docker command uses.
 *
 * The first of these that is set determines the engine:
 * - the address in the variable DOCKER_HOST, with the certificates in DOCKER_CERT_PATH if
 *   DOCKER_TLS_VERIFY is set;
 * - the docker context that DOCKER_CONTEXT names;
 * - the current docker context ("docker context use");
 * - the default socket unix:///var/run/docker.sock.
 *
 * The configuration is read from the directory DOCKER_CONFIG, by default ~/.docker; its
 * HttpHeaders are sent with every request. DOCKER_API_VERSION sets the API version; if it is
 * newer than this library supports, the newest is used, with a note in the results.
 *
 * If none is set and no engine listens at the default socket, the sockets of rootless Docker,
 * Docker Desktop, Colima, Rancher Desktop and Podman are searched, in this order. If several
 * sockets exist, they are connected to in turn until one accepts; nothing is sent. The chosen
 * address is returned by dockline_context_endpoint(), the reason by
 * dockline_context_endpoint_source_description(). If a call cannot connect, its error lists the
 * sockets that were searched.
 *
 * Otherwise no connection is made: the first call connects and negotiates the API version.
 *
 * context: receives the context; free it with dockline_context_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_INVALID_ARGUMENT if a variable or configuration file is
 * malformed, or if the docker context does not exist; DOCKLINE_IO if a file cannot be read;
 * DOCKLINE_TLS if the private key does not belong to the certificate; or another negative
 * status.
 */
int dockline_context_from_env(dockline_context **context, dockline_error **error);

/**
 * Opens the engine at an address, with options.
 *
 * No connection is made, as for dockline_context_from_env().
 *
 * host: unix:///path, /path, tcp://host[:port], http://host[:port], https://host[:port] or
 * ssh://[user@]host[:port][/path]. Variables and configuration of the docker command are then
 * ignored, except DOCKER_API_VERSION and registry credentials. ssh:// runs the system's ssh
 * command, which authenticates by its own configuration and never prompts on the terminal;
 * the path is that of the engine's socket on the remote machine. NULL opens the engine that
 * dockline_context_from_env() opens.
 * options: NULL, or an object with any of these members. Seconds may have a fraction; 0 means no
 * limit.
 *   "docker_context"   string   Name of the docker context to open, instead of the one that the
 *                               environment selects. Requires that host is NULL.
 *   "headers"          object   HTTP headers for every request, by name, which may be given in one
 *                               case only. They override HttpHeaders of config.json; User-Agent is
 *                               the name of the program.
 *   "proxy"            string   HTTP proxy for engines reached by TCP or TLS,
 *                               http://[user:password@]host[:port], or empty for none. By default,
 *                               if host is NULL, the one of HTTP_PROXY or, for TLS, HTTPS_PROXY,
 *                               unless NO_PROXY excludes the engine or it is on this machine.
 *   "api_version"      string   API version such as 1.41, without negotiation. By default the one
 *                               of DOCKER_API_VERSION, or else the newest that both sides support.
 *   "connect_timeout"  number   Seconds for connecting; over ssh until the engine responds.
 *                               Defaults to 10.
 *   "read_timeout"     number   Seconds without data before and within a response. Defaults to 60.
 *   "write_timeout"    number   Seconds for the engine to accept the next part of a request.
 *                               Defaults to 60.
 *   "stream_timeout"   number   Replaces read_timeout for streams, wait, and calls that last as
 *                               long as their work, also before the response. No limit by default.
 *   "helper_timeout"   number   Seconds for a credential helper to finish. Defaults to 60.
 *   "deadline"         number   Seconds for each whole call. No limit by default.
 *   "capture_limit"    integer  Bytes of each body that the result callback receives. Defaults to
 *                               65536.
 *   "response_limit"   integer  Bytes of a response that is read as a whole; a longer one fails
 *                               with DOCKLINE_PROTOCOL. Streams have no limit. Defaults to
 *                               1073741824 (1 GiB).
 *   "reveal_secrets"   boolean  Passes credentials to the result callback without redaction.
 *   "tls"              string   Uses TLS, also for tcp://, there on port 2376 unless host has a
 *                               port. Members: see below.
 *   "cli_defaults"     boolean  Applies proxies and detachKeys of config.json, as the docker
 *                               command does, if host is NULL: proxies become variables of
 *                               containers and build arguments, and the keys detach from exec and
 *                               attach, unless a call sets them. Defaults to true.
 *   "credentials"      object   Source of registry credentials for calls without their own: user
 *                               (the default), none, or an object, see below.
 * context: receives the context; free it with dockline_context_free().
 *
 * Members of "tls": "ca" (string: certificates of the authorities to trust exclusively; by
 * default those of the system), "cert" (string: the client certificate), "key" (string: its
 * private key) and "skip_verify" (boolean: the engine's certificate is not verified). "ca",
 * "cert" and "key" are paths of PEM files, or PEM themselves.
 *
 * Values of "credentials": "user" (the credentials of the docker command, see
 * dockline_credentials_find()), "none", or an object with the registry's host as name and
 * credentials as for dockline_system_auth() as value. "X-Registry-Auth" of a call overrides
 * them.
 *
 * Returns the same statuses as dockline_context_from_env().
 */
int dockline_context_open(const char *host,
                          const dockline_value *options,
                          dockline_context **context,
                          dockline_error **error);

/**
 * Creates a context with other options.
 *
 * It uses the same engine, and shares connections, API version and result callback with the
 * first context. Use it to set timeouts or a cancel token for some calls only.
 *
 * options: as for dockline_context_open(). Only timeouts, "deadline", "capture_limit",
 * "response_limit", "reveal_secrets" and "credentials" are allowed. Options that are not set keep
 * their values.
 * token: cancels the calls of the new context from another thread; may be NULL.
 * derived: receives the new context; free it with dockline_context_free().
 *
 * Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_context_derive(const dockline_context *context,
                            const dockline_value *options,
                            const dockline_cancel_token *token,
                            dockline_context **derived,
                            dockline_error **error);

/**
 * Sets a callback that receives each call's result.
 *
 * The callback is called once for each call with this context, successful or failed. It runs
 * when the call has ended, on the thread that made the call; for a stream, on the thread that
 * reaches its end or frees it. Set the callback before other threads use the context.
 *
 * callback: receives user_data and the result, which is valid until the callback returns; see
 * dockline_result_clone(). It may call this library, also with the same context. Several
 * threads may run it at once. NULL removes the callback.
 * release: called once with user_data, on any thread, as soon as neither the context nor a
 * stream or context made from it needs user_data; may be NULL.
 *
 * Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and release is not called.
 */
int dockline_context_on_result(dockline_context *context,
                               void (*callback)(void *user_data, const dockline_result *result),
                               void *user_data,
                               void (*release)(void *user_data),
                               dockline_error **error);

/**
 * Returns the engine's address.
 *
 * Returns an address such as "unix:///var/run/docker.sock", which belongs to the context; ""
 * if context is NULL.
 */
const char *dockline_context_endpoint(const dockline_context *context);

/**
 * Returns what determined the engine, as a keyword.
 *
 * Returns "host" (the host given to dockline_context_open()), "docker_context" (its option),
 * "DOCKER_HOST", "DOCKER_CONTEXT", "currentContext" (of config.json), "default" (the default
 * socket) or "found" (another socket, since no engine listens at the default one). The string
 * belongs to the context; "" if context is NULL.
 */
const char *dockline_context_endpoint_source(const dockline_context *context);

/**
 * Returns what determined the engine, as a phrase.
 *
 * Returns a phrase for people, such as docker context "web", named by DOCKER_CONTEXT. It
 * belongs to the context; "" if context is NULL.
 */
const char *dockline_context_endpoint_source_description(const dockline_context *context);

/**
 * Returns the API version in use.
 *
 * It is the version set by an option or variable, or the newest that both sides support. If
 * no call has been made yet, the engine is pinged (HEAD /_ping, or GET).
 *
 * version: receives the version, such as "1.41", which belongs to the context.
 *
 * Returns DOCKLINE_OK; DOCKLINE_ENGINE_TOO_OLD if the engine does not support API 1.24; or
 * another negative status.
 */
int dockline_context_api_version(const dockline_context *context,
                                 const char **version,
                                 dockline_error **error);

/**
 * Frees a context.
 *
 * Calls with it must have returned on all threads. Streams remain valid.
 *
 * context: may be NULL.
 */
void dockline_context_free(dockline_context *context);

/* ==== Docker contexts ==== */

/*
 * The contexts that "docker context" manages, for programs that list them. No engine is
 * called.
 */

/**
 * Lists the docker contexts of the docker command.
 *
 * Reads the same files as "docker context ls"; no engine is called. The first context is
 * "default", which is not stored in a file: it follows DOCKER_HOST and the default socket. To
 * open a docker context, see the option "docker_context" of dockline_context_open().
 *
 * list: receives an array of objects with "Name", "Description", "Host" (the address as the
 * docker command has it), "Current" (boolean: dockline_context_from_env() opens it) and, if
 * it uses TLS, "TLS" (object: as "tls" of dockline_context_open()); free it with
 * dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_INVALID_ARGUMENT if a variable or configuration file is
 * malformed; DOCKLINE_IO if a file cannot be read; or another negative status. The message
 * names the variable or file.
 */
int dockline_docker_context_list(dockline_value **list, dockline_error **error);

/**
 * Returns a docker context by its name.
 *
 * No engine is called.
 *
 * name: the name of the docker context.
 * found: receives an object, as in the list of dockline_docker_context_list(); free it with
 * dockline_value_free().
 *
 * Returns the same statuses as dockline_docker_context_list(), and DOCKLINE_INVALID_ARGUMENT
 * if the docker context does not exist: the message lists those that do.
 */
int dockline_docker_context_inspect(const char *name,
                                    dockline_value **found,
                                    dockline_error **error);

/* ==== Cancellation ==== */

/*
 * Derive a context with a token from dockline_cancel_token_new(), or obtain the token of a
 * stream. Another thread ends their calls with dockline_cancel_token_cancel().
 */

/**
 * Creates a cancel token.
 *
 * Returns the token; free it with dockline_cancel_token_free().
 */
dockline_cancel_token *dockline_cancel_token_new(void);

/**
 * Cancels all calls and streams of a token.
 *
 * Calls that are running return DOCKLINE_CANCELLED within a millisecond, or within twenty
 * while they connect. Later calls with the token fail at once. This cannot be undone. The
 * lookup of a host name, and the callback or descriptor that an upload is read from, are not
 * interrupted.
 *
 * token: may be NULL.
 */
void dockline_cancel_token_cancel(const dockline_cancel_token *token);

/**
 * Returns whether a token has been cancelled.
 *
 * token: may be NULL.
 *
 * Returns true after dockline_cancel_token_cancel(); false if token is NULL.
 */
bool dockline_cancel_token_is_cancelled(const dockline_cancel_token *token);

/**
 * Frees a cancel token.
 *
 * This does not cancel anything.
 *
 * token: may be NULL.
 */
void dockline_cancel_token_free(dockline_cancel_token *token);

/* ==== Results of calls (dockline_result) ==== */

/*
 * The callback of dockline_context_on_result() receives a dockline_result for each call, for
 * logs and debugging.
 */

/**
 * Returns the operationId of the call.
 *
 * result: may be NULL.
 *
 * Returns the name of the Engine API, such as "ContainerList"; NULL if result is NULL.
 */
const char *dockline_result_operation(const dockline_result *result);

/**
 * Returns the HTTP method of the request.
 *
 * result: may be NULL.
 *
 * Returns NULL if result is NULL.
 */
const char *dockline_result_method(const dockline_result *result);

/**
 * Returns the engine's address.
 *
 * result: may be NULL.
 *
 * Returns an address such as "unix:///var/run/docker.sock"; NULL if result is NULL.
 */
const char *dockline_result_endpoint(const dockline_result *result);

/**
 * Returns the URL of the request.
 *
 * The URL has version prefix and query. Its host is localhost on a Unix socket.
 *
 * result: may be NULL.
 *
 * Returns NULL if result is NULL.
 */
const char *dockline_result_url(const dockline_result *result);

/**
 * Returns the request line and headers as sent.
 *
 * result: may be NULL.
 * length: receives the length in bytes; may be NULL.
 *
 * Returns an empty string if nothing was sent; NULL if result is NULL.
 */
const char *dockline_result_request_head(const dockline_result *result, size_t *length);

/**
 * Returns the beginning of the request body.
 *
 * result: may be NULL.
 * length: receives the length of the recorded part in bytes; may be NULL.
 *
 * Returns NULL if result is NULL.
 */
const void *dockline_result_request_body(const dockline_result *result, size_t *length);

/**
 * Returns the length of the whole request body.
 *
 * result: may be NULL.
 *
 * Returns the length in bytes; 0 if result is NULL.
 */
uint64_t dockline_result_request_body_size(const dockline_result *result);

/**
 * Returns the HTTP status of the response.
 *
 * result: may be NULL.
 *
 * Returns 0 if no response was received, or if result is NULL.
 */
int dockline_result_status(const dockline_result *result);

/**
 * Returns the status line and headers of the final response as received.
 *
 * result: may be NULL.
 * length: receives the length in bytes; may be NULL.
 *
 * Returns an empty string if no response was received; NULL if result is NULL.
 */
const char *dockline_result_response_head(const dockline_result *result, size_t *length);

/**
 * Returns the beginning of the response body.
 *
 * result: may be NULL.
 * length: receives the length of the recorded part in bytes; may be NULL.
 *
 * Returns NULL if result is NULL.
 */
const void *dockline_result_response_body(const dockline_result *result, size_t *length);

/**
 * Returns the length of the whole response body.
 *
 * result: may be NULL.
 *
 * Returns the number of bytes that were read; 0 if result is NULL.
 */
uint64_t dockline_result_response_body_size(const dockline_result *result);

/**
 * Returns the start time of the call.
 *
 * result: may be NULL.
 *
 * Returns nanoseconds since 1970 of the wall clock; 0 if result is NULL.
 */
int64_t dockline_result_started(const dockline_result *result);

/**
 * Returns the end time of the call.
 *
 * A stream ends when its end is reached or when it is freed.
 *
 * result: may be NULL.
 *
 * Returns nanoseconds since 1970 of the wall clock; 0 if result is NULL.
 */
int64_t dockline_result_ended(const dockline_result *result);

/**
 * Returns the duration of the call.
 *
 * result: may be NULL.
 *
 * Returns nanoseconds of the monotonic clock; 0 if result is NULL.
 */
int64_t dockline_result_duration(const dockline_result *result);

/**
 * Returns the error message of a failed call.
 *
 * result: may be NULL.
 *
 * Returns NULL if the call succeeded, or if result is NULL.
 */
const char *dockline_result_error(const dockline_result *result);

/**
 * Returns the number of notes.
 *
 * See dockline_result_note().
 *
 * result: may be NULL.
 *
 * Returns 0 if result is NULL.
 */
size_t dockline_result_note_count(const dockline_result *result);

/**
 * Returns a note: a warning about the call.
 *
 * For example, a credential helper is missing and the call was made without credentials.
 *
 * result: may be NULL.
 * index: the index of the note, from 0.
 *
 * Returns the note as a phrase; NULL past the end, and if result is NULL.
 */
const char *dockline_result_note(const dockline_result *result, size_t index);

/**
 * Copies a result, to keep it after the callback.
 *
 * result: may be NULL.
 *
 * Returns the copy, to be freed with dockline_result_free(); NULL if result is NULL.
 */
dockline_result *dockline_result_clone(const dockline_result *result);

/**
 * Frees a copy of a result.
 *
 * The result that a callback receives must not be freed.
 *
 * result: made by dockline_result_clone(); may be NULL.
 */
void dockline_result_free(dockline_result *result);

/* ==== Uploads (dockline_source) ==== */

/*
 * Create a source, pass it to a function that uploads, and free it afterwards.
 */

/**
 * Creates a source that reads from a callback.
 *
 * read: writes at most capacity bytes to buffer, sets *length to their number, and returns 0.
 * A length of 0 is the end of the data. Another return value fails the upload with
 * DOCKLINE_IO; a positive one is taken as an errno. It runs on the thread that uploads, and
 * may call this library.
 * release: called once with user_data when the source is freed; may be NULL.
 * source: receives the source; free it with dockline_source_free().
 *
 * Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and release is not called.
 */
int dockline_source_from_callback(int (*read)(void *user_data,
                                              void *buffer,
                                              size_t capacity,
                                              size_t *length),
                                  void *user_data,
                                  void (*release)(void *user_data),
                                  dockline_source **source,
                                  dockline_error **error);

/**
 * Creates a source that reads from a descriptor.
 *
 * fd: a file, pipe or socket, which is read from its current position to its end. It must be
 * open while the source is used, and it is not closed.
 * source: receives the source; free it with dockline_source_free().
 *
 * Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_source_from_fd(int fd, dockline_source **source, dockline_error **error);

/**
 * Creates a source that reads a file.
 *
 * path: the file, which is opened at once.
 * source: receives the source; free it with dockline_source_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_IO with an errno if the file cannot be opened; or
 * DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_source_from_path(const char *path, dockline_source **source, dockline_error **error);

/**
 * Frees a source.
 *
 * source: may be NULL.
 */
void dockline_source_free(dockline_source *source);

/* ==== Streams (dockline_stream) ==== */

/*
 * Read events or progress with dockline_stream_next() until it returns DOCKLINE_END, or pass
 * a callback to dockline_stream_each(). Then free the stream.
 */

/**
 * Waits for the next item of a stream.
 *
 * stream: the stream.
 * item: receives the item, which belongs to the stream and is valid until the next call with
 * it.
 *
 * Returns DOCKLINE_OK; DOCKLINE_END at the end of the stream; DOCKLINE_STREAM if the engine
 * reports a failure; DOCKLINE_DISCONNECTED if the connection broke; DOCKLINE_CANCELLED;
 * DOCKLINE_TIMEOUT; or another negative status. A failure ends the stream, except one of
 * dockline_system_events_reconnecting().
 */
int dockline_stream_next(dockline_stream *stream,
                         const dockline_value **item,
                         dockline_error **error);

/**
 * Calls a callback for each item of a stream.
 *
 * stream: the stream, which is read to its end.
 * callback: receives user_data and the item, which is valid until the callback returns. It
 * returns 0 to continue, or another value to stop. It may call this library, but not with
 * this stream.
 *
 * Returns DOCKLINE_OK at the end of the stream; DOCKLINE_STOPPED if the callback stopped it;
 * or a negative status as for dockline_stream_next().
 */
int dockline_stream_each(dockline_stream *stream,
                         int (*callback)(void *user_data, const dockline_value *item),
                         void *user_data,
                         dockline_error **error);

/**
 * Returns a token that cancels a stream.
 *
 * It ends the stream from another thread, also during dockline_stream_next(). Obtain it
 * before the cancelling thread starts.
 *
 * stream: may be NULL.
 *
 * Returns the token, to be freed with dockline_cancel_token_free(), before or after the
 * stream; NULL if stream is NULL.
 */
dockline_cancel_token *dockline_stream_cancel_token(dockline_stream *stream);

/**
 * Frees a stream and closes its connection.
 *
 * stream: may be NULL.
 */
void dockline_stream_free(dockline_stream *stream);

/* ==== Container output (dockline_output) ==== */

/*
 * Logs and the output of an attached container or exec. Read frames with
 * dockline_output_next() until it returns DOCKLINE_END, or pass a callback to
 * dockline_output_each(). Then free the output.
 */

/**
 * Waits for the next frame of output.
 *
 * output: the output.
 * frame: receives the frame. Its bytes belong to the output and are valid until the output is
 * read again or freed.
 *
 * Returns DOCKLINE_OK; DOCKLINE_END at the end of the output; DOCKLINE_STREAM if the engine
 * reports a failure; DOCKLINE_DISCONNECTED if the connection broke, or the output ended in the
 * middle of a frame; DOCKLINE_CANCELLED; DOCKLINE_TIMEOUT; or another negative status. A
 * failure ends the output.
 */
int dockline_output_next(dockline_output *output, dockline_frame *frame, dockline_error **error);

/**
 * Calls a callback for each frame of output.
 *
 * output: the output, which is read to its end.
 * callback: receives user_data and the frame, which is valid until the callback returns. It
 * returns 0 to continue, or another value to stop. It may call this library, but not with
 * this output.
 *
 * Returns DOCKLINE_OK at the end of the output; DOCKLINE_STOPPED if the callback stopped it;
 * or a negative status as for dockline_output_next().
 */
int dockline_output_each(dockline_output *output,
                         int (*callback)(void *user_data, const dockline_frame *frame),
                         void *user_data,
                         dockline_error **error);

/**
 * Ends the output when its container has exited.
 *
 * The output then ends two seconds after the exit if no more output arrives, even if the
 * engine leaves the stream open. dockline_output_finish() then returns the exit code.
 *
 * output: from dockline_container_logs() with "follow", or from dockline_container_attach().
 * wait: from dockline_container_wait_start(), not finished. The output takes it over; free it
 * with dockline_wait_free() all the same.
 *
 * Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_output_until_exit(dockline_output *output,
                               dockline_wait *wait,
                               dockline_error **error);

/**
 * Discards remaining output, returns the exit code.
 *
 * Requires dockline_output_until_exit(), and may be called once.
 *
 * output: the output; it must still be freed.
 * exit_code: receives the exit code of the container. An exit code other than 0 is not an
 * error.
 *
 * Returns DOCKLINE_OK; DOCKLINE_DISCONNECTED if the engine exited, but not the container;
 * DOCKLINE_CANCELLED; or another negative status.
 */
int dockline_output_finish(dockline_output *output, int64_t *exit_code, dockline_error **error);

/**
 * Returns whether the container has a terminal.
 *
 * All frames of a terminal are DOCKLINE_STDOUT.
 *
 * output: may be NULL.
 *
 * Returns false for websockets, which do not report it, and if output is NULL.
 */
bool dockline_output_is_terminal(const dockline_output *output);

/**
 * Returns a token that cancels an output.
 *
 * It ends the output from another thread, also during dockline_output_next(), together with
 * the dockline_input of the same connection. Obtain it before the cancelling thread starts.
 *
 * output: may be NULL.
 *
 * Returns the token, to be freed with dockline_cancel_token_free(), before or after the
 * output; NULL if output is NULL.
 */
dockline_cancel_token *dockline_output_cancel_token(const dockline_output *output);

/**
 * Frees an output and closes its connection.
 *
 * output: may be NULL.
 */
void dockline_output_free(dockline_output *output);

/* ==== Container input (dockline_input) ==== */

/*
 * Standard input of an attached container or exec.
 */

/**
 * Writes data to the input.
 *
 * Blocks until the engine has accepted all of it.
 *
 * input: the input.
 * data: the bytes; may be NULL if length is 0.
 * length: their number.
 *
 * Returns DOCKLINE_OK; DOCKLINE_DISCONNECTED if the program or the engine has exited;
 * DOCKLINE_PROTOCOL if the connection was not upgraded, as behind a proxy that does not
 * support it: only output can be read then; DOCKLINE_TIMEOUT after "write_timeout" seconds
 * without progress; DOCKLINE_CANCELLED; DOCKLINE_INVALID_ARGUMENT after
 * dockline_input_close(); or another negative status. After a failure, a part of the data may
 * have been written.
 */
int dockline_input_write(dockline_input *input,
                         const void *data,
                         size_t length,
                         dockline_error **error);

/**
 * Closes the input; output can still be read.
 *
 * This is a half-close: the program reads end of file. A second call has no effect.
 *
 * The engine passes the end of file on to an exec without a terminal, and to a container
 * without a terminal that was created with "OpenStdin" and "StdinOnce". Other containers
 * continue to run, and the engine may end their output.
 *
 * input: the input; it must still be freed.
 *
 * Returns DOCKLINE_OK; DOCKLINE_PROTOCOL if the connection was not upgraded; or another
 * negative status.
 */
int dockline_input_close(dockline_input *input, dockline_error **error);

/**
 * Frees an input.
 *
 * This does not close the input while its output is not freed: see dockline_input_close().
 *
 * input: may be NULL.
 */
void dockline_input_free(dockline_input *input);

/* ==== Downloads (dockline_download) ==== */

/*
 * Read the bytes with dockline_download_next() until it returns DOCKLINE_END, or write all of
 * them to a descriptor, file or callback. Then free the download.
 */

/**
 * Waits for the next bytes of a download.
 *
 * download: the download.
 * data: receives the bytes, which belong to the download and are valid until the next call
 * with it.
 * length: receives their number.
 *
 * Returns DOCKLINE_OK; DOCKLINE_END at the end of the download; DOCKLINE_DISCONNECTED if the
 * connection broke; DOCKLINE_CANCELLED; DOCKLINE_TIMEOUT; or another negative status. A
 * failure ends the download.
 */
int dockline_download_next(dockline_download *download,
                           const void **data,
                           size_t *length,
                           dockline_error **error);

/**
 * Writes the rest of a download to a descriptor.
 *
 * download: the download.
 * fd: an open descriptor, which is not closed. Writing to a socket or pipe that its peer has
 * closed raises SIGPIPE, as with write().
 * total: receives the number of bytes; may be NULL.
 *
 * Returns DOCKLINE_OK; DOCKLINE_IO if writing fails; or a negative status as for
 * dockline_download_next().
 */
int dockline_download_to_fd(dockline_download *download,
                            int fd,
                            uint64_t *total,
                            dockline_error **error);

/**
 * Writes the rest of a download to a file.
 *
 * download: the download.
 * path: the file, which is created, or truncated if it exists.
 * total: receives the number of bytes; may be NULL.
 *
 * Returns DOCKLINE_OK; DOCKLINE_IO if writing fails; or a negative status as for
 * dockline_download_next(). After a failure the file may contain a part of the download.
 */
int dockline_download_to_path(dockline_download *download,
                              const char *path,
                              uint64_t *total,
                              dockline_error **error);

/**
 * Calls a callback with the rest of a download.
 *
 * download: the download, which is read to its end.
 * callback: receives user_data, and bytes that are valid until it returns. It returns 0 if it
 * has taken all of them. Another value fails the download with DOCKLINE_IO; a positive one is
 * taken as an errno.
 * total: receives the number of bytes; may be NULL.
 *
 * Returns DOCKLINE_OK; or a negative status as for dockline_download_next().
 */
int dockline_download_each(dockline_download *download,
                           int (*callback)(void *user_data, const void *data, size_t length),
                           void *user_data,
                           uint64_t *total,
                           dockline_error **error);

/**
 * Returns a token that cancels a download.
 *
 * It ends the download from another thread, also during dockline_download_next(). Obtain it
 * before the cancelling thread starts.
 *
 * download: may be NULL.
 *
 * Returns the token, to be freed with dockline_cancel_token_free(), before or after the
 * download; NULL if download is NULL.
 */
dockline_cancel_token *dockline_download_cancel_token(const dockline_download *download);

/**
 * Frees a download and closes its connection.
 *
 * download: may be NULL.
 */
void dockline_download_free(dockline_download *download);

/* ==== System ==== */

/*
 * Ping, version, state, disk usage and events of the engine.
 */

/**
 * Checks whether the engine responds.
 *
 * HEAD /_ping, or GET /_ping if the engine does not support HEAD.
 *
 * ping: receives an object with "/APIVersion" (string, or null if the engine does not send
 * it), "/OSType", "/Experimental" (boolean), "/BuilderVersion", "/Swarm" and "/Server"
 * (strings); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONNECT if the engine cannot be reached; or another negative
 * status.
 */
int dockline_system_ping(const dockline_context *context,
                         dockline_value **ping,
                         dockline_error **error);

/**
 * Returns the versions of the engine.
 *
 * GET /version.
 *
 * version: receives an object with "/Version", "/ApiVersion", "/Components" and so on, a
 * SystemVersion; free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; or a negative status.
 */
int dockline_system_version(const dockline_context *context,
                            dockline_value **version,
                            dockline_error **error);

/**
 * Returns information about the engine and its host.
 *
 * GET /info.
 *
 * info: receives an object with numbers of objects, drivers, limits, host and swarm, a
 * SystemInfo; free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; or a negative status.
 */
int dockline_system_info(const dockline_context *context,
                         dockline_value **info,
                         dockline_error **error);

/**
 * Checks credentials with a registry.
 *
 * POST /auth. Neither the engine nor this library stores them, and the result callback does
 * not receive them. See dockline_credentials_login() to store them.
 *
 * credentials: an object with "username" and "password", or "identitytoken", and with
 * "serveraddress" (string: the registry; Docker Hub by default). An AuthConfig.
 * response: receives an object with "/Status" (string) and "/IdentityToken" (string: to be
 * used in place of the password from now on; empty if the registry sends none); free it with
 * dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_UNAUTHORIZED if the registry rejects the credentials;
 * DOCKLINE_ENGINE if the registry cannot be reached; or another negative status.
 */
int dockline_system_auth(const dockline_context *context,
                         const dockline_value *credentials,
                         dockline_value **response,
                         dockline_error **error);

/**
 * Returns the disk usage of the engine's objects.
 *
 * GET /system/df. Since API 1.25. The engine may read every file of every volume for this, so
 * "stream_timeout" applies in place of "read_timeout".
 *
 * options: NULL, or an object with any of these members. Values of "type" are "container", "image",
 * "volume" and "build-cache".
 *   "type"     array    1.42  Return only these types of object: container, image, volume,
 *                             build-cache. Default: all.
 *   "verbose"  boolean  1.52  Return each image, container, volume and build cache record. Engines
 *                             before API 1.52 always do.
 * usage: receives an object with "/Images", "/Containers", "/Volumes" and "/BuildCache"
 * (arrays of objects) and "/LayersSize" (bytes). Since API 1.52 also with "/ImageUsage",
 * "/ContainerUsage", "/VolumeUsage" and "/BuildCacheUsage" (objects with "TotalCount",
 * "TotalSize", "ActiveCount" and "Reclaimable"); with "verbose" the arrays are their "Items"
 * instead. See dockline_system_data_usage_totals(). Free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; or a negative status.
 */
int dockline_system_data_usage(const dockline_context *context,
                               const dockline_value *options,
                               dockline_value **usage,
                               dockline_error **error);

/**
 * Returns the sums of a disk usage.
 *
 * The result has the same form for all API versions. Before API 1.52 the sums are computed
 * from the arrays, as the docker command does. No engine is called.
 *
 * usage: the object from dockline_system_data_usage().
 * totals: receives an object with "/Images", "/Containers", "/Volumes" and "/BuildCache":
 * objects with "TotalCount", "ActiveCount" (number in use), "TotalSize" (bytes) and
 * "Reclaimable" (bytes that are freed if those not in use are removed); free it with
 * dockline_value_free().
 *
 * Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_system_data_usage_totals(const dockline_value *usage,
                                      dockline_value **totals,
                                      dockline_error **error);

/**
 * Streams the events of the engine.
 *
 * GET /events. Without "until" the stream does not end: see dockline_stream_cancel_token().
 *
 * options: NULL, or an object with any of these members. An example of "filters" is {"type":
 * "container", "event": ["start", "die"]}.
 *   "since"    time    Return past events since this time first.
 *   "until"    time    End the stream at this time. If it is in the past, only past events are
 *                      returned.
 *   "filters"  object  Return only events that match these filters: type, event, container, image,
 *                      label and others.
 * events: receives the stream; free it with dockline_stream_free(). Its items are
 * EventMessage objects with "/Type", "/Action", "/Actor" and so on.
 *
 * Returns DOCKLINE_OK; or a negative status.
 */
int dockline_system_events(const dockline_context *context,
                           const dockline_value *options,
                           dockline_stream **events,
                           dockline_error **error);

/**
 * Streams events across lost connections.
 *
 * GET /events. After a failure, the next call of dockline_stream_next() or
 * dockline_stream_each() connects again. Events that occurred in the meantime are then
 * returned, as far as the engine still has them; none is returned twice. The caller decides
 * when to try again and when to give up. The stream ends at "until" and after
 * DOCKLINE_CANCELLED.
 *
 * options: as for dockline_system_events().
 * events: receives the stream; free it with dockline_stream_free(). A lost connection is
 * reported by its functions as DOCKLINE_DISCONNECTED or another negative status.
 *
 * Returns DOCKLINE_OK; or a negative status.
 */
int dockline_system_events_reconnecting(const dockline_context *context,
                                        const dockline_value *options,
                                        dockline_stream **events,
                                        dockline_error **error);

/* ==== Registry credentials ==== */

/*
 * The credentials that the docker command stores: lookup, login and logout. Pull, push and
 * build find them by themselves, see CREDENTIALS at the top.
 */

/**
 * Finds the credentials for an image's registry.
 *
 * Calls find them by themselves: this is for programs that show them. The result is what
 * calls about this image, or about a plugin of this name, send without "X-Registry-Auth".
 *
 * If "credentials" of dockline_context_open() is "user", they are those of the docker
 * command. It reads the variable DOCKER_AUTH_CONFIG, then "auths", "credHelpers" and
 * "credsStore" of config.json in the directory DOCKER_CONFIG, by default .docker in the home
 * directory, and runs the helper programs docker-credential-NAME that it names. They are
 * looked up again for each call.
 *
 * image: an image reference, such as "registry.example.com:5000/team/app:1.2".
 * found: receives an object with "/Registry" (string: the host of the registry, or
 * https://index.docker.io/v1/ for Docker Hub), "/Auth" (object: an AuthConfig with
 * "username", secrets and so on; null if calls are anonymous) and "/Notes" (array of strings:
 * problems during the lookup); free it with dockline_value_free(), which wipes it.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CANCELLED or DOCKLINE_TIMEOUT while a helper runs; or another
 * negative status. All other problems with credentials are notes.
 */
int dockline_credentials_find(const dockline_context *context,
                              const char *image,
                              dockline_value **found,
                              dockline_error **error);

/**
 * Checks registry credentials and stores them.
 *
 * POST /auth. They are stored as by "docker login": with the helper program that config.json
 * names, or else in that file. An identity token from the registry replaces the password.
 *
 * credentials: as for dockline_system_auth(), which does not store them.
 * login: receives an object with "/Status" (string, such as "Login Succeeded") and "/Store"
 * (string: the file, or the name of the helper program); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_UNAUTHORIZED if the registry rejects the credentials;
 * DOCKLINE_ENGINE if the registry cannot be reached; DOCKLINE_IO if they cannot be stored;
 * DOCKLINE_INVALID_ARGUMENT if config.json is malformed, or if "credentials" of
 * dockline_context_open() is not "user"; or another negative status.
 */
int dockline_credentials_login(const dockline_context *context,
                               const dockline_value *credentials,
                               dockline_value **login,
                               dockline_error **error);

/**
 * Removes the stored credentials for a registry.
 *
 * They are removed from the helper program and from config.json, as by "docker logout". The
 * registry is not contacted.
 *
 * registry: the host of the registry, with its port if it has one; NULL for Docker Hub.
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_MODIFIED if none were stored; DOCKLINE_IO if they cannot
 * be removed; or another negative status.
 */
int dockline_credentials_logout(const dockline_context *context,
                                const char *registry,
                                dockline_error **error);

/* ==== Containers ==== */

/*
 * dockline_container_create() creates a container, dockline_container_start() starts it and
 * dockline_container_wait() returns its exit code. dockline_container_delete() removes it.
 *
 * Names, IDs and ID prefixes identify containers in all functions.
 */

/**
 * Lists containers.
 *
 * GET /containers/json. Only running containers are listed unless "all" is set.
 *
 * options: NULL, or an object with any of these members. A filter takes one value or an array of
 * values: {"label": ["app=web"], "status": "exited"}.
 *   "all"      boolean  Return all containers. By default, only running containers are returned.
 *   "limit"    integer  Return only the limit most recently created containers, running or not.
 *   "size"     boolean  Return the size of each container as SizeRw and SizeRootFs. This takes the
 *                       engine time.
 *   "filters"  object   Return only containers that match these filters: ancestor, before, exited,
 *                       expose, health, id, label, name, network, publish, since, status, volume
 *                       and others.
 * list: receives an array of objects (ContainerSummary); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_container_list(const dockline_context *context,
                            const dockline_value *options,
                            dockline_value **list,
                            dockline_error **error);

/**
 * Returns the name of a container in a list.
 *
 * This is its own name without the leading "/", as docker ps shows it. "/Names" also holds the
 * aliases that links give to the container, such as "/web/db", in any order.
 *
 * container: an object of the list of dockline_container_list(); may be NULL.
 *
 * Returns a string that is a part of container; NULL if it has no name, or if container is
 * NULL.
 */
const char *dockline_container_name(const dockline_value *container);

/**
 * Creates a container.
 *
 * POST /containers/create. The container is not started: see dockline_container_start().
 *
 * options: NULL, or an object with any of these members.
 *   "name"      string        Name of the container. Default: a name that the engine generates.
 *   "platform"  string  1.41  Platform of the image, os[/arch[/variant]].
 * body: the configuration (ContainerCreateRequest): "Image", "Cmd", "Env" and so on, with
 * "HostConfig" and "NetworkingConfig" inside. Required. Proxies of the docker command's
 * config.json are added to "Env", see "cli_defaults" of dockline_context_open().
 * created: receives an object with "Id" and "Warnings"; free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the image does not exist; DOCKLINE_CONFLICT if
 * the name is in use; or another negative status. Fields that do not exist, or that the
 * engine's API version does not support, fail with DOCKLINE_INVALID_ARGUMENT or
 * DOCKLINE_ENGINE_TOO_OLD before anything is sent.
 */
int dockline_container_create(const dockline_context *context,
                              const dockline_value *options,
                              const dockline_value *body,
                              dockline_value **created,
                              dockline_error **error);

/**
 * Inspects a container.
 *
 * GET /containers/{id}/json.
 *
 * id: name, ID or ID prefix of the container.
 * options: NULL, or an object with any of these members.
 *   "size"  boolean  Return the size of the container as SizeRw and SizeRootFs.
 * container: receives an object (ContainerInspectResponse) with "Id", "Name", "State",
 * "Config", "HostConfig" and so on; free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the container does not exist; or another
 * negative status.
 */
int dockline_container_inspect(const dockline_context *context,
                               const char *id,
                               const dockline_value *options,
                               dockline_value **container,
                               dockline_error **error);

/**
 * Changes resource limits and the restart policy.
 *
 * POST /containers/{id}/update. The container may be running.
 *
 * id: name, ID or ID prefix of the container.
 * body: the fields to change: "Memory", "NanoCpus", "RestartPolicy" and so on. Omitted fields
 * keep their values. Required.
 * updated: receives an object with "Warnings"; free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_container_update(const dockline_context *context,
                              const char *id,
                              const dockline_value *body,
                              dockline_value **updated,
                              dockline_error **error);

/**
 * Renames a container.
 *
 * POST /containers/{id}/rename.
 *
 * id: name, ID or ID prefix of the container.
 * name: the new name.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the new name is in use; or another negative
 * status.
 */
int dockline_container_rename(const dockline_context *context,
                              const char *id,
                              const char *name,
                              dockline_error **error);

/**
 * Removes a container.
 *
 * DELETE /containers/{id}.
 *
 * id: name, ID or ID prefix of the container.
 * options: NULL, or an object with any of these members.
 *   "v"      boolean  Delete the anonymous volumes of the container, too.
 *   "force"  boolean  Kill the container first, if it is running.
 *   "link"   boolean  Delete a link instead of a container; its name is PARENT/ALIAS. Links are
 *                     deprecated.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the container is running and "force" is not set,
 * or if its removal is already in progress; or another negative status.
 */
int dockline_container_delete(const dockline_context *context,
                              const char *id,
                              const dockline_value *options,
                              dockline_error **error);

/**
 * Removes all stopped containers.
 *
 * POST /containers/prune. Since API 1.25.
 *
 * options: NULL, or an object with any of these members.
 *   "filters"  object  Delete only containers that match these filters: until, label, label!.
 * pruned: receives an object with "ContainersDeleted" (array of IDs, or null) and
 * "SpaceReclaimed" (bytes); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if another prune is in progress; or another negative
 * status.
 */
int dockline_container_prune(const dockline_context *context,
                             const dockline_value *options,
                             dockline_value **pruned,
                             dockline_error **error);

/* ==== Containers: life cycle ==== */

/*
 * To miss no exit of a container that runs only briefly, start to wait for it before it
 * starts: dockline_container_wait_start(), dockline_container_start(),
 * dockline_wait_finish().
 */

/**
 * Starts a container.
 *
 * POST /containers/{id}/start.
 *
 * id: name, ID or ID prefix of the container.
 * options: NULL, or an object with any of these members.
 *   "detachKeys"      string  Key sequence that detaches from the container's terminal, such as
 *                             ctrl-p,ctrl-q.
 *   "checkpoint"      string  Checkpoint to restore the container from. Experimental engines only.
 *   "checkpoint-dir"  string  Directory on the engine's host that contains the checkpoint.
 *                             Experimental engines only.
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_MODIFIED if the container is already running; or a
 * negative status.
 */
int dockline_container_start(const dockline_context *context,
                             const char *id,
                             const dockline_value *options,
                             dockline_error **error);

/**
 * Stops a container.
 *
 * POST /containers/{id}/stop. The engine sends the stop signal, and kills the container if it
 * has not exited after "t" seconds. The function returns when the container has stopped.
 *
 * The read timeout is extended by "t". If "t" is negative or not set, only the context's
 * "stream_timeout" applies, since the container's own stop timeout is known only to the
 * engine.
 *
 * id: name, ID or ID prefix of the container.
 * options: NULL, or an object with any of these members.
 *   "signal"  string   1.42  Signal that stops the container, by name or number. Default: the
 *                            container's stop signal.
 *   "t"       integer        Seconds to wait before the container is killed; -1 waits without
 *                            limit. Default: the container's stop timeout, or 10.
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_MODIFIED if the container is not running; or a negative
 * status.
 */
int dockline_container_stop(const dockline_context *context,
                            const char *id,
                            const dockline_value *options,
                            dockline_error **error);

/**
 * Restarts a container.
 *
 * POST /containers/{id}/restart. A container that is running is stopped first, with the
 * timeouts of dockline_container_stop().
 *
 * id: name, ID or ID prefix of the container.
 * options: NULL, or an object with any of these members.
 *   "signal"  string   1.42  Signal that stops the container, by name or number. Default: the
 *                            container's stop signal.
 *   "t"       integer        Seconds to wait before the container is killed; -1 waits without
 *                            limit. Default: the container's stop timeout, or 10.
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_container_restart(const dockline_context *context,
                               const char *id,
                               const dockline_value *options,
                               dockline_error **error);

/**
 * Sends a signal to a container.
 *
 * POST /containers/{id}/kill. The main process of the container receives the signal.
 *
 * id: name, ID or ID prefix of the container.
 * options: NULL, or an object with any of these members.
 *   "signal"  string  Signal to send, by name or number. Default: SIGKILL.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the container is not running; or another negative
 * status.
 */
int dockline_container_kill(const dockline_context *context,
                            const char *id,
                            const dockline_value *options,
                            dockline_error **error);

/**
 * Pauses all processes of a container.
 *
 * POST /containers/{id}/pause.
 *
 * id: name, ID or ID prefix of the container.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the container is not running or is already paused
 * (some engines return DOCKLINE_ENGINE if it is paused); or another negative status.
 */
int dockline_container_pause(const dockline_context *context,
                             const char *id,
                             dockline_error **error);

/**
 * Resumes a paused container.
 *
 * POST /containers/{id}/unpause.
 *
 * id: name, ID or ID prefix of the container.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT or DOCKLINE_ENGINE if the container is not paused;
 * or another negative status.
 */
int dockline_container_unpause(const dockline_context *context,
                               const char *id,
                               dockline_error **error);

/**
 * Waits for a container to exit.
 *
 * POST /containers/{id}/wait. Blocks until the condition is met, by default until the
 * container is not running. This may be the case already. To start the wait before the
 * container, use dockline_container_wait_start().
 *
 * id: name, ID or ID prefix of the container.
 * options: NULL, or an object with any of these members. "condition" is "not-running" (the
 * default), "next-exit" or "removed".
 *   "condition"  string  1.30  Condition to wait for: not-running, next-exit or removed. Default:
 *                              not-running.
 * exit_code: receives the exit code. A nonzero exit code is not an error of this function.
 *
 * Returns DOCKLINE_OK; DOCKLINE_STREAM if the engine reports a failure while waiting;
 * DOCKLINE_DECODE if the response has no exit code; or another negative status.
 */
int dockline_container_wait(const dockline_context *context,
                            const char *id,
                            const dockline_value *options,
                            int64_t *exit_code,
                            dockline_error **error);

/**
 * Starts to wait for a container.
 *
 * POST /containers/{id}/wait. When this function returns, the engine is watching the
 * container. A wait for "next-exit" that is started before the container misses no exit, even
 * if the container runs only briefly. With engines before API 1.30 the function returns only
 * when the container has exited.
 *
 * id: name, ID or ID prefix of the container.
 * options: as for dockline_container_wait().
 * wait: receives the wait; free it with dockline_wait_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 *
 *    dockline_container_wait_start(context, id, options, &wait, &error);
 *    dockline_container_start(context, id, NULL, &error);
 *    dockline_wait_finish(wait, &exit_code, &error);
 *    dockline_wait_free(wait);
 */
int dockline_container_wait_start(const dockline_context *context,
                                  const char *id,
                                  const dockline_value *options,
                                  dockline_wait **wait,
                                  dockline_error **error);

/**
 * Blocks until a wait ends.
 *
 * Works once for each wait.
 *
 * wait: a wait that is not finished.
 * exit_code: receives the exit code of the container. A nonzero exit code is not an error of
 * this function.
 *
 * Returns DOCKLINE_OK; DOCKLINE_STREAM if the engine reports a failure while waiting;
 * DOCKLINE_DECODE if the response has no exit code; DOCKLINE_CANCELLED; or another negative
 * status.
 */
int dockline_wait_finish(dockline_wait *wait, int64_t *exit_code, dockline_error **error);

/**
 * Returns a token that cancels a wait.
 *
 * Another thread can cancel dockline_wait_finish() with it. The container is not affected.
 * Call this function before dockline_wait_finish().
 *
 * wait: the wait; may be NULL.
 *
 * Returns a new token, or NULL if wait is NULL or finished. Free it with
 * dockline_cancel_token_free(); it may outlive the wait.
 */
dockline_cancel_token *dockline_wait_cancel_token(const dockline_wait *wait);

/**
 * Frees a wait.
 *
 * A wait in progress ends; the container is not affected.
 *
 * wait: the wait; NULL is ignored.
 */
void dockline_wait_free(dockline_wait *wait);

/* ==== Containers: output and input ==== */

/*
 * dockline_container_logs() reads what a container has written and can follow it.
 * dockline_container_attach() also writes to its standard input. The data is read and written
 * with the functions of dockline_output and dockline_input.
 */

/**
 * Reads the logs of a container.
 *
 * GET /containers/{id}/logs. By default the output is what the container has written to
 * stdout and stderr so far. With "follow" it continues until the container exits.
 *
 * Engines before API 1.42 do not report whether the stream is multiplexed. With them the
 * container is inspected first.
 *
 * id: name, ID or ID prefix of the container.
 * options: NULL, or an object with any of these members. "since" and "until" take Unix seconds, an
 * RFC 3339 string, or a string such as "10m" for ten minutes ago. "tail" takes a number of lines or
 * "all".
 *   "follow"      boolean        Keep the stream open and return new output until the container
 *                                exits.
 *   "stdout"      boolean        Return standard output. Default: true.
 *   "stderr"      boolean        Return standard error. Default: true.
 *   "since"       time           Return only output written since this time.
 *   "until"       time     1.35  Return only output written before this time.
 *   "timestamps"  boolean        Prefix each line with its time in RFC 3339 with nine decimals, and
 *                                a space.
 *   "tail"        integer        Number of lines to return from the end of the logs, or all.
 *                                Default: all.
 *   "details"     boolean        Prefix each line with the labels and environment variables that
 *                                the logging driver records.
 * output: receives the output; free it with dockline_output_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_container_logs(const dockline_context *context,
                            const char *id,
                            const dockline_value *options,
                            dockline_output **output,
                            dockline_error **error);

/**
 * Attaches to a container.
 *
 * POST /containers/{id}/attach. Attach before the container starts to miss no output. By
 * default stdin, stdout and stderr are attached and only new output is read. Input reaches
 * only a container that was created with "OpenStdin".
 *
 * The output and the input are the two directions of one connection. Two threads may use them
 * at the same time, see dockline_input.
 *
 * The output ends when the container exits, and also when the engine dies.
 * dockline_output_until_exit() distinguishes the two.
 *
 * id: name, ID or ID prefix of the container.
 * options: NULL, or an object with any of these members.
 *   "detachKeys"  string   Key sequence that detaches from the container's terminal, such as
 *                          ctrl-p,ctrl-q.
 *   "logs"        boolean  Return the output that was written before the call first.
 *   "stream"      boolean  Stream the output that is written from now on. Default: true.
 *   "stdin"       boolean  Attach to standard input. Default: true.
 *   "stdout"      boolean  Attach to standard output. Default: true.
 *   "stderr"      boolean  Attach to standard error. Default: true.
 * output: receives the output; free it with dockline_output_free().
 * input: receives the input; free it with dockline_input_free(). May be NULL if nothing is to
 * be written.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the container is paused or restarting;
 * DOCKLINE_PROTOCOL if stdin is attached, but the connection was not upgraded, as behind a
 * proxy that does not support it; or another negative status.
 */
int dockline_container_attach(const dockline_context *context,
                              const char *id,
                              const dockline_value *options,
                              dockline_output **output,
                              dockline_input **input,
                              dockline_error **error);

/**
 * Attaches to a container by WebSocket.
 *
 * GET /containers/{id}/attach/ws. Use this if a proxy passes only HTTP and WebSocket. Unlike
 * dockline_container_attach(), it does not separate stdout from stderr and has no half-close:
 * the input cannot be closed alone.
 *
 * id: name, ID or ID prefix of the container.
 * options: NULL, or an object with any of these members. To set "stdin", "stdout" or "stderr" to
 * false requires API 1.42.
 *   "detachKeys"  string   Key sequence that detaches from the container's terminal, such as
 *                          ctrl-p,ctrl-q.
 *   "logs"        boolean  Return the output that was written before the call first.
 *   "stream"      boolean  Stream the output that is written from now on. Default: true.
 *   "stdin"       boolean  Attach to standard input. Engines before API 1.42 always do. Default:
 *                          true.
 *   "stdout"      boolean  Attach to standard output. Engines before API 1.42 always do. Default:
 *                          true.
 *   "stderr"      boolean  Attach to standard error. Engines before API 1.42 always do. Default:
 *                          true.
 * output: receives the output; free it with dockline_output_free().
 * input: receives the input; free it with dockline_input_free(). May be NULL if nothing is to
 * be written.
 *
 * Returns DOCKLINE_OK; DOCKLINE_PROTOCOL if the response is not a valid WebSocket handshake;
 * or another negative status.
 */
int dockline_container_attach_websocket(const dockline_context *context,
                                        const char *id,
                                        const dockline_value *options,
                                        dockline_output **output,
                                        dockline_input **input,
                                        dockline_error **error);

/**
 * Resizes the terminal of a container.
 *
 * POST /containers/{id}/resize. The container must be running. Other clients may be attached
 * to it at the same time.
 *
 * id: name, ID or ID prefix of the container.
 * rows: height of the terminal, 0 to 65535.
 * columns: width of the terminal, 0 to 65535.
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_container_resize(const dockline_context *context,
                              const char *id,
                              int rows,
                              int columns,
                              dockline_error **error);

/* ==== Containers: files ==== */

/*
 * Files are copied as tar archives: see dockline_download to store an archive, and
 * dockline_source to send one.
 */

/**
 * Lists changes to the filesystem of a container.
 *
 * GET /containers/{id}/changes. The files are compared with the container's image.
 *
 * id: name, ID or ID prefix of the container.
 * changes: receives an array of objects with "Path" and "Kind" (0 modified, 1 added, 2
 * deleted); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_container_changes(const dockline_context *context,
                               const char *id,
                               dockline_value **changes,
                               dockline_error **error);

/**
 * Exports the filesystem of a container as a tar.
 *
 * GET /containers/{id}/export.
 *
 * id: name, ID or ID prefix of the container.
 * tar: receives the download; free it with dockline_download_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_container_export(const dockline_context *context,
                              const char *id,
                              dockline_download **tar,
                              dockline_error **error);

/**
 * Returns size and mode of a file in a container.
 *
 * HEAD /containers/{id}/archive.
 *
 * id: name, ID or ID prefix of the container.
 * path: path of the file or directory.
 * stat: receives an object with "name", "size" (bytes), "mode", "mtime" (RFC 3339 string) and
 * "linkTarget"; free it with dockline_value_free(). "mode" is a FileMode of Go and not an
 * st_mode of POSIX: the lowest nine bits are the permissions, bit 31 is set for a directory
 * and bit 27 for a symbolic link.
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the container or the path does not exist; or
 * another negative status.
 */
int dockline_container_archive_info(const dockline_context *context,
                                    const char *id,
                                    const char *path,
                                    dockline_value **stat,
                                    dockline_error **error);

/**
 * Copies files from a container, as a tar.
 *
 * GET /containers/{id}/archive. If the path ends with "/.", the tar holds the contents of the
 * directory without the directory itself.
 *
 * id: name, ID or ID prefix of the container.
 * path: path of the file or directory.
 * tar: receives the download; free it with dockline_download_free().
 * stat: receives the same object as from dockline_container_archive_info(); free it with
 * dockline_value_free(). May be NULL.
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the container or the path does not exist; or
 * another negative status.
 */
int dockline_container_archive(const dockline_context *context,
                               const char *id,
                               const char *path,
                               dockline_download **tar,
                               dockline_value **stat,
                               dockline_error **error);

/**
 * Extracts a tar into a directory of a container.
 *
 * PUT /containers/{id}/archive. The tar is streamed, and may be compressed.
 *
 * id: name, ID or ID prefix of the container.
 * options: NULL, or an object with any of these members. "path", an existing directory in the
 * container, is required.
 *   "path"                  string   Directory in the container to extract the archive into. It
 *                                    must exist. Required.
 *   "noOverwriteDirNonDir"  boolean  Fail if a file would replace a directory, or a directory a
 *                                    file.
 *   "copyUIDGID"            boolean  Set the owner and group of each file to the numeric IDs in the
 *                                    archive.
 * tar: the source of the tar, which is read to its end. It remains owned by the caller.
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the container or the directory does not exist;
 * DOCKLINE_BAD_REQUEST if the tar is invalid or the path is not a directory;
 * DOCKLINE_FORBIDDEN or DOCKLINE_BAD_REQUEST if the directory is read-only; or another
 * negative status. Older engines return DOCKLINE_ENGINE for all of these except
 * DOCKLINE_NOT_FOUND.
 */
int dockline_container_put_archive(const dockline_context *context,
                                   const char *id,
                                   const dockline_value *options,
                                   dockline_source *tar,
                                   dockline_error **error);

/* ==== Containers: processes and resource usage ==== */

/*
 * dockline_container_stats() returns samples of CPU, memory, network and block I/O. The
 * dockline_stats_...() functions compute the values that docker stats shows.
 */

/**
 * Lists the processes of a container.
 *
 * GET /containers/{id}/top.
 *
 * id: name, ID or ID prefix of the container.
 * options: NULL, or an object with any of these members.
 *   "ps_args"  string  Arguments for the ps command on the engine's host. Default: -ef.
 * processes: receives an object with "Titles" (array of strings) and "Processes" (array of
 * arrays of strings, in the order of the titles); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT or DOCKLINE_ENGINE if the container is not running;
 * or another negative status.
 */
int dockline_container_top(const dockline_context *context,
                           const char *id,
                           const dockline_value *options,
                           dockline_value **processes,
                           dockline_error **error);

/**
 * Streams the resource usage of a container.
 *
 * GET /containers/{id}/stats. The engine sends one sample a second until the container is
 * removed. The first sample has no previous sample to compare with.
 *
 * id: name, ID or ID prefix of the container.
 * samples: receives a stream of objects (ContainerStatsResponse); free it with
 * dockline_stream_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_container_stats(const dockline_context *context,
                             const char *id,
                             dockline_stream **samples,
                             dockline_error **error);

/**
 * Returns the current resource usage of a container.
 *
 * GET /containers/{id}/stats. The engine takes one to two seconds for this unless "one-shot"
 * is set.
 *
 * id: name, ID or ID prefix of the container.
 * options: NULL, or an object with any of these members.
 *   "one-shot"  boolean  1.41  Return one sample at once instead of two samples one second apart.
 *                              precpu_stats is then empty.
 * sample: receives an object (ContainerStatsResponse); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_container_stats_once(const dockline_context *context,
                                  const char *id,
                                  const dockline_value *options,
                                  dockline_value **sample,
                                  dockline_error **error);

/**
 * Computes the CPU usage of a container.
 *
 * The usage is taken between the previous sample and this one, in percent of one CPU, as in
 * docker stats. A container that uses two CPUs fully has 200 percent. Linux only.
 *
 * sample: an item of dockline_container_stats(), or the sample of
 * dockline_container_stats_once(); may be NULL.
 * fallback: the value to return if the usage cannot be computed.
 *
 * Returns the percentage, or fallback if the sample holds no previous sample, if no time has
 * passed between the two, if the number of CPUs is not known, or if sample is NULL. Podman
 * before 4.3 omits the number of CPUs: set "/cpu_stats/online_cpus" of the sample, such as to
 * "NCPU" of dockline_system_info().
 */
double dockline_stats_cpu_percent(const dockline_value *sample, double fallback);

/**
 * Computes the CPU usage between two samples.
 *
 * Use it with two samples of dockline_container_stats_once() with "one-shot" set, which the
 * engine returns without delay. The result is as for dockline_stats_cpu_percent().
 *
 * sample: the newer sample; may be NULL.
 * before: the older sample of the same container, which dockline_value_clone() can keep; may
 * be NULL.
 * fallback: the value to return if the usage cannot be computed.
 *
 * Returns the percentage, or fallback if no time has passed between the samples, if the number
 * of CPUs is not known, or if one of the samples is NULL.
 */
double dockline_stats_cpu_percent_since(const dockline_value *sample,
                                        const dockline_value *before,
                                        double fallback);

/**
 * Computes the memory usage of a container.
 *
 * File cache that the kernel can reclaim at once is not counted, as in docker stats, which
 * shows the result as a share of "/memory_stats/limit". Linux only.
 *
 * sample: as for dockline_stats_cpu_percent().
 * fallback: the value to return if the usage cannot be computed.
 *
 * Returns the number of bytes, or fallback if sample is NULL or not a valid sample.
 */
uint64_t dockline_stats_memory_used(const dockline_value *sample, uint64_t fallback);

/* ==== Containers: checkpoints ==== */

/*
 * Checkpoints require an experimental engine with CRIU. Other engines fail with
 * DOCKLINE_UNAVAILABLE.
 */

/**
 * Creates a checkpoint of a running container.
 *
 * POST /containers/{id}/checkpoints. The option "checkpoint" of dockline_container_start()
 * restores the saved state.
 *
 * id: name, ID or ID prefix of the container.
 * body: "CheckpointID" (string: the name of the checkpoint, required), "CheckpointDir"
 * (string: the directory on the engine's host to store it in, by default the engine's own),
 * "Exit" (boolean: stops the container afterwards).
 *
 * Returns DOCKLINE_OK; DOCKLINE_UNAVAILABLE if the engine does not support checkpoints; or
 * another negative status.
 */
int dockline_checkpoint_create(const dockline_context *context,
                               const char *id,
                               const dockline_value *body,
                               dockline_error **error);

/**
 * Lists the checkpoints of a container.
 *
 * GET /containers/{id}/checkpoints.
 *
 * id: name, ID or ID prefix of the container.
 * options: NULL, or an object with any of these members.
 *   "dir"  string  Directory on the engine's host that the checkpoints are stored in. Default: the
 *                  engine's own directory.
 * list: receives an array of objects with "Name"; free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_UNAVAILABLE if the engine does not support checkpoints; or
 * another negative status.
 */
int dockline_checkpoint_list(const dockline_context *context,
                             const char *id,
                             const dockline_value *options,
                             dockline_value **list,
                             dockline_error **error);

/**
 * Removes a checkpoint of a container.
 *
 * DELETE /containers/{id}/checkpoints/{checkpoint}.
 *
 * id: name, ID or ID prefix of the container.
 * checkpoint: name of the checkpoint.
 * options: as for dockline_checkpoint_list().
 *
 * Returns DOCKLINE_OK; DOCKLINE_UNAVAILABLE if the engine does not support checkpoints; or
 * another negative status.
 */
int dockline_checkpoint_delete(const dockline_context *context,
                               const char *id,
                               const char *checkpoint,
                               const dockline_value *options,
                               dockline_error **error);

/* ==== Exec: programs in running containers ==== */

/*
 * dockline_exec_create() prepares a program and returns an exec ID. dockline_exec_start()
 * starts the program and connects to its output and input, dockline_exec_start_detached()
 * only starts it. dockline_exec_wait() returns its exit code.
 */

/**
 * Creates an exec in a running container.
 *
 * POST /containers/{id}/exec. The program is not started: see dockline_exec_start().
 *
 * container: name, ID or ID prefix of the container.
 * body: the program and its environment. "Cmd" (array of strings) holds the program and its
 * arguments and is required. "AttachStdin", "AttachStdout" and "AttachStderr" (booleans)
 * select the streams that dockline_exec_start() connects. "Tty" (boolean) allocates a
 * terminal, so that stdout and stderr are one stream; "ConsoleSize" (array of rows and
 * columns, since API 1.42) is its size. Also "Env" (array of strings), "User" and
 * "WorkingDir" (strings), "Privileged" (boolean) and "DetachKeys" (string).
 * created: receives an object with "Id", the exec ID for the other functions; free it with
 * dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the container does not exist; DOCKLINE_CONFLICT
 * if it is not running or is paused; or another negative status.
 */
int dockline_exec_create(const dockline_context *context,
                         const char *container,
                         const dockline_value *body,
                         dockline_value **created,
                         dockline_error **error);

/**
 * Starts an exec and connects to its streams.
 *
 * POST /exec/{id}/start. An exec can be started once.
 *
 * The output ends when all processes that hold the program's output have closed it, and also
 * when the engine dies. dockline_exec_wait() distinguishes the two and returns the exit code.
 *
 * A program that cannot be started is not an error of this function: the engine writes its
 * message to the output, and the exit code is 126 or 127. The engine also reports in the
 * output that the exec was started before; some engines return an error instead.
 *
 * id: the exec ID.
 * body: "Tty" (boolean), which must be the same as for dockline_exec_create(), and
 * "ConsoleSize" (array of rows and columns, since API 1.42). May be NULL.
 * output: receives the output; free it with dockline_output_free().
 * input: receives the input; free it with dockline_input_free(). May be NULL if nothing is to
 * be written.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the container is not running or is paused; or
 * another negative status. If the connection is not upgraded, as behind a proxy that does not
 * support it, writing input fails with DOCKLINE_PROTOCOL.
 */
int dockline_exec_start(const dockline_context *context,
                        const char *id,
                        const dockline_value *body,
                        dockline_output **output,
                        dockline_input **input,
                        dockline_error **error);

/**
 * Starts an exec without connecting to it.
 *
 * POST /exec/{id}/start with "Detach". An exec can be started once. dockline_exec_wait()
 * returns its exit code.
 *
 * id: the exec ID.
 * body: as for dockline_exec_start().
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the exec was started before, or if the container
 * is not running or is paused; DOCKLINE_BAD_REQUEST or DOCKLINE_ENGINE if the program cannot
 * be started; or another negative status.
 */
int dockline_exec_start_detached(const dockline_context *context,
                                 const char *id,
                                 const dockline_value *body,
                                 dockline_error **error);

/**
 * Resizes the terminal of an exec.
 *
 * POST /exec/{id}/resize. The program must be running. Other threads may use its output and
 * input at the same time.
 *
 * id: the exec ID.
 * rows: height of the terminal, 0 to 65535.
 * columns: width of the terminal, 0 to 65535.
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_exec_resize(const dockline_context *context,
                         const char *id,
                         int rows,
                         int columns,
                         dockline_error **error);

/**
 * Inspects an exec.
 *
 * GET /exec/{id}/json.
 *
 * id: the exec ID.
 * exec: receives an object with "Running" (boolean), "ExitCode" (integer; null before the
 * start and while the program is running), "Pid" and so on; free it with
 * dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the exec does not exist; or another negative
 * status. Engines discard an exec some minutes after its exit, when they restart, and with
 * its container.
 */
int dockline_exec_inspect(const dockline_context *context,
                          const char *id,
                          dockline_value **exec,
                          dockline_error **error);

/**
 * Waits for an exec to exit.
 *
 * Polls GET /exec/{id}/json, since the Engine API has no operation that waits. The program
 * must have been started.
 *
 * id: the exec ID.
 * options: NULL, or an object with any of these members.
 *   "limit"  number  Longest time to wait, in seconds. Defaults to 0, which waits without a limit.
 * exit_code: receives the exit code. A nonzero exit code is not an error of this function.
 *
 * Returns DOCKLINE_OK; DOCKLINE_TIMEOUT if the program is still running after "limit"
 * seconds, and it continues to run; DOCKLINE_NOT_FOUND as for dockline_exec_inspect(); or
 * another negative status.
 */
int dockline_exec_wait(const dockline_context *context,
                       const char *id,
                       const dockline_value *options,
                       int64_t *exit_code,
                       dockline_error **error);

/* ==== Images ==== */

/*
 * An image is named by a reference, such as busybox or registry:5000/team/app:1.2, by its ID,
 * or by an ID prefix.
 */

/**
 * Lists images.
 *
 * GET /images/json.
 *
 * options: NULL, or an object with any of these members. A filter takes one value or an array of
 * values, such as {"reference": "busybox"}.
 *   "all"          boolean        Return all images, including intermediate ones.
 *   "filters"      object         Return only images that match these filters: before, dangling,
 *                                 label, reference, since, until.
 *   "shared-size"  boolean  1.42  Return the size that each image shares with others as SharedSize.
 *   "digests"      boolean        Return digests. Current engines always do.
 *   "manifests"    boolean  1.47  Return the manifests of each image.
 *   "identity"     boolean  1.54  Return the publisher and signer of each image. Requires
 *                                 manifests.
 * list: receives an array of objects (ImageSummary); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_image_list(const dockline_context *context,
                        const dockline_value *options,
                        dockline_value **list,
                        dockline_error **error);

/**
 * Inspects an image.
 *
 * GET /images/{name}/json.
 *
 * name: reference, ID or ID prefix of the image.
 * options: NULL, or an object with any of these members. "manifests" and "platform" exclude each
 * other.
 *   "manifests"  boolean  1.48  Return the manifests of the image. Must not be combined with
 *                               platform.
 *   "platform"   object   1.49  Variant of a multi-platform image to inspect.
 * image: receives an object (ImageInspect); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the image does not exist; or another negative
 * status.
 */
int dockline_image_inspect(const dockline_context *context,
                           const char *name,
                           const dockline_value *options,
                           dockline_value **image,
                           dockline_error **error);

/**
 * Lists the layers of an image.
 *
 * GET /images/{name}/history.
 *
 * name: reference, ID or ID prefix of the image.
 * options: NULL, or an object with any of these members.
 *   "platform"  object  1.48  Variant of a multi-platform image.
 * layers: receives an array of objects, the newest layer first, with "Id", "CreatedBy",
 * "Size" and so on; free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_image_history(const dockline_context *context,
                           const char *name,
                           const dockline_value *options,
                           dockline_value **layers,
                           dockline_error **error);

/**
 * Adds a tag to an image.
 *
 * POST /images/{name}/tag.
 *
 * name: reference, ID or ID prefix of the image.
 * options: NULL, or an object with any of these members. "repo" is required.
 *   "repo"  string  Repository of the new reference, without a tag. Required.
 *   "tag"   string  Tag of the new reference. Default: latest.
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_image_tag(const dockline_context *context,
                       const char *name,
                       const dockline_value *options,
                       dockline_error **error);

/**
 * Searches Docker Hub for images.
 *
 * GET /images/search.
 *
 * options: NULL, or an object with any of these members. "term" is required.
 *   "term"             string   Term to search for. Required.
 *   "limit"            integer  Maximum number of results. Default: 25.
 *   "filters"          object   Return only images that match these filters: is-official, stars.
 *   "X-Registry-Auth"  object   Credentials for the registry. Empty credentials make the call
 *                               anonymous. Default: the credentials that the context has for this
 *                               registry.
 * results: receives an array of objects with "name", "description", "star_count" and so on;
 * free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_image_search(const dockline_context *context,
                          const dockline_value *options,
                          dockline_value **results,
                          dockline_error **error);

/**
 * Creates an image from a container.
 *
 * POST /commit. The image holds the changes that the container has made to its filesystem.
 *
 * options: NULL, or an object with any of these members. "container" is required.
 *   "container"  string   Name or ID of the container to commit. Required.
 *   "repo"       string   Repository of the image.
 *   "tag"        string   Tag of the image. Default: latest.
 *   "comment"    string   Commit message.
 *   "author"     string   Author of the image, such as Ada <ada@example.com>.
 *   "pause"      boolean  Pause the container during the commit. Default: true.
 *   "changes"    array    Dockerfile instructions to apply, such as CMD ["sh"].
 * config: the fields of the container's configuration (ContainerConfig) to replace: "Cmd",
 * "Env" and so on. May be NULL.
 * image: receives an object with "Id"; free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_image_commit(const dockline_context *context,
                          const dockline_value *options,
                          const dockline_value *config,
                          dockline_value **image,
                          dockline_error **error);

/**
 * Lists the attestations of an image.
 *
 * GET /images/{name}/attestations. Since API 1.55. Attestations are statements about the
 * origin and the contents of an image.
 *
 * name: reference, ID or ID prefix of the image.
 * options: NULL, or an object with any of these members.
 *   "platform"   array    Platforms to return attestations for. Current engines accept only one.
 *   "type"       array    Return only statements of these predicate types (URIs).
 *   "statement"  boolean  Return the full statements.
 * statements: receives an array of objects with "Descriptor" and "PredicateType", and with
 * "Statement" if "statement" is set; free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_UNAVAILABLE if the engine's image store does not keep
 * attestations; or another negative status.
 */
int dockline_image_attestations(const dockline_context *context,
                                const char *name,
                                const dockline_value *options,
                                dockline_value **statements,
                                dockline_error **error);

/**
 * Removes an image, or one of its tags.
 *
 * DELETE /images/{name}.
 *
 * name: reference, ID or ID prefix of the image.
 * options: NULL, or an object with any of these members.
 *   "force"      boolean        Delete the image even if stopped containers use it or other tags
 *                               refer to it.
 *   "noprune"    boolean        Do not delete untagged parent images.
 *   "platforms"  array    1.50  Delete only the variants for these platforms.
 * deleted: receives an array of objects with "Untagged" or "Deleted"; free it with
 * dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the image does not exist; DOCKLINE_CONFLICT if a
 * container uses the image; or another negative status.
 */
int dockline_image_delete(const dockline_context *context,
                          const char *name,
                          const dockline_value *options,
                          dockline_value **deleted,
                          dockline_error **error);

/**
 * Removes unused images.
 *
 * POST /images/prune. Since API 1.25. By default only images without a tag are removed.
 *
 * options: NULL, or an object with any of these members. With the filter {"dangling": "false"},
 * tagged images that no container uses are removed too.
 *   "filters"  object  Delete only images that match these filters: dangling (false includes unused
 *                      images with a tag), until, label, label!.
 * pruned: receives an object with "ImagesDeleted" (array of objects with "Untagged" or
 * "Deleted", or null) and "SpaceReclaimed" (bytes); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if another prune is in progress; or another negative
 * status.
 */
int dockline_image_prune(const dockline_context *context,
                         const dockline_value *options,
                         dockline_value **pruned,
                         dockline_error **error);

/* ==== Images: pull, push, save and load ==== */

/*
 * Pull, push and load return a stream of progress messages. Read it to its end with
 * dockline_stream_next() or dockline_stream_each(): the work is complete only then. Freeing
 * the stream earlier cancels it.
 */

/**
 * Pulls or imports an image.
 *
 * POST /images/create. "fromImage" pulls an image; if neither the reference nor "tag" has a
 * tag or digest, the tag is "latest", unless "allTags" is true. "fromSrc" imports a tar of a
 * root filesystem: from a URL, or from the parameter tar if it is "-".
 *
 * The function returns when the tar has been sent, or earlier if the engine rejects it. The
 * pull or import is complete only when progress has been read to its end. Failures until
 * then, such as a missing image, may be reported by progress with DOCKLINE_STREAM.
 *
 * options: NULL, or an object with any of these members. Either "fromImage" or "fromSrc" is
 * required.
 *   "fromImage"        string         Reference of the image to pull.
 *   "fromSrc"          string         Source of an import: a URL that the engine fetches, or - for
 *                                     the tar in the request.
 *   "repo"             string         Repository of the imported image.
 *   "tag"              string         Tag of the imported image, or tag or digest to pull. Default:
 *                                     that of fromImage, or latest.
 *   "allTags"          boolean        Pull all tags of the repository, which may be many.
 *   "message"          string         Commit message of the imported image.
 *   "changes"          array          Dockerfile instructions to apply to the imported image, such
 *                                     as CMD ["sh"].
 *   "platform"         string   1.32  Platform of the image, os[/arch[/variant]].
 *   "X-Registry-Auth"  object         Credentials for the registry. Empty credentials make the call
 *                                     anonymous. Default: the credentials that the context has for
 *                                     this registry.
 * tar: the source of the tar if "fromSrc" is "-", otherwise NULL. The tar may be compressed.
 * The source remains owned by the caller.
 * progress: receives a stream of progress messages; free it with dockline_stream_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 *
 *    dockline_value_set_string(options, "/fromImage", "busybox:1.37", &error);
 *    dockline_image_create(context, options, NULL, &progress, &error);
 *    while ((status = dockline_stream_next(progress, &message, &error)) == DOCKLINE_OK)
 *        puts(dockline_value_string(dockline_value_get(message, "/status"), ""));
 *    dockline_stream_free(progress);
 */
int dockline_image_create(const dockline_context *context,
                          const dockline_value *options,
                          dockline_source *tar,
                          dockline_stream **progress,
                          dockline_error **error);

/**
 * Pushes an image to its registry.
 *
 * POST /images/{name}/push. The registry is part of the name of the image. If neither the name
 * nor "tag" has a tag, the tag is "latest", unless "allTags" is true.
 *
 * The push is complete only when progress has been read to its end. Engines respond before
 * they contact the registry: errors of the registry, such as wrong credentials, are reported
 * by progress with DOCKLINE_STREAM. Afterwards, dockline_push_digest(), dockline_push_tag() and
 * dockline_push_size() return what is in the registry now.
 *
 * name: reference of the image.
 * options: NULL, or an object with any of these members.
 *   "tag"              string         Tag to push. Default: that of the name, or latest.
 *   "allTags"          boolean        Push all tags of the repository that the engine has.
 *   "platform"         object   1.46  Push only this platform of a multi-platform image.
 *   "X-Registry-Auth"  object         Credentials for the registry. Empty credentials make the call
 *                                     anonymous. Default: the credentials that the context has for
 *                                     this registry.
 * progress: receives a stream of progress messages; free it with dockline_stream_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_image_push(const dockline_context *context,
                        const char *name,
                        const dockline_value *options,
                        dockline_stream **progress,
                        dockline_error **error);

/**
 * Returns the digest of the manifest that a push has put into the registry.
 *
 * The engine reports it in one of the last messages of the stream. A push of several tags
 * reports several; the last one is returned.
 *
 * push: a stream of dockline_image_push(); may be NULL.
 *
 * Returns a string such as "sha256:…", which belongs to push and is valid until the next call
 * with it. Returns NULL if the engine has not reported a digest yet, or if push is NULL or
 * another kind of stream.
 */
const char *dockline_push_digest(const dockline_stream *push);

/**
 * Returns the tag that a push has put into the registry.
 *
 * push: a stream of dockline_image_push(); may be NULL.
 *
 * Returns a string, as for dockline_push_digest().
 */
const char *dockline_push_tag(const dockline_stream *push);

/**
 * Returns the size of the manifest that a push has put into the registry.
 *
 * push: a stream of dockline_image_push(); may be NULL.
 *
 * Returns the size in bytes; 0 if dockline_push_digest() would return NULL.
 */
int64_t dockline_push_size(const dockline_stream *push);

/**
 * Saves an image as a tar.
 *
 * GET /images/{name}/get. The tar holds the layers and tags of the image, as from docker
 * save.
 *
 * name: reference, ID or ID prefix of the image.
 * options: NULL, or an object with any of these members.
 *   "platform"  array  1.48  Save only the variants for these platforms. Engines before API 1.52
 *                            accept only one.
 * tar: receives the download; free it with dockline_download_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_image_get(const dockline_context *context,
                       const char *name,
                       const dockline_value *options,
                       dockline_download **tar,
                       dockline_error **error);

/**
 * Saves several images as one tar.
 *
 * GET /images/get. Layers that the images share are stored once.
 *
 * names: an array of strings: references, IDs or ID prefixes of the images. At least one is
 * required.
 * options: as for dockline_image_get().
 * tar: receives the download; free it with dockline_download_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_image_get_all(const dockline_context *context,
                           const dockline_value *names,
                           const dockline_value *options,
                           dockline_download **tar,
                           dockline_error **error);

/**
 * Loads images from a tar.
 *
 * POST /images/load. The tar comes from dockline_image_get() or docker save, and may be
 * compressed.
 *
 * The function returns when the tar has been sent, or earlier if the engine rejects it. The
 * load is complete only when progress has been read to its end. Failures until then may be
 * reported by progress with DOCKLINE_STREAM.
 *
 * options: NULL, or an object with any of these members.
 *   "quiet"     boolean        Return only the result, without progress messages. Default: the
 *                              engine's, true.
 *   "platform"  array    1.48  Load only the variants for these platforms. Engines before API 1.52
 *                              accept only one.
 * tar: the source of the tar, which is read to its end. It remains owned by the caller.
 * progress: receives a stream of progress messages; free it with dockline_stream_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_image_load(const dockline_context *context,
                        const dockline_value *options,
                        dockline_source *tar,
                        dockline_stream **progress,
                        dockline_error **error);

/* ==== Images: build ==== */

/*
 * The build functions differ in the source of the build context. Each returns a stream
 * of progress messages. Read it to its end: the build is complete only then, and
 * dockline_build_image_id() returns the ID of the image.
 */

/**
 * Builds an image from a tar.
 *
 * POST /build. The tar is the build context: it holds the Dockerfile and the files that it
 * uses.
 *
 * The function returns when the tar has been sent, or earlier if the engine rejects it. The
 * build is complete only when the stream has been read to its end. A step that fails
 * ends the stream with DOCKLINE_STREAM.
 *
 * The messages of the classic builder hold its output in "stream" (string), and the ID of the
 * image in "/aux/ID". The messages of BuildKit have the "id" "moby.buildkit.trace", and a
 * protobuf message of BuildKit, encoded in base64, in "aux".
 *
 * options: NULL, or an object with any of these members.
 *   "dockerfile"         string         Path of the Dockerfile in the build context. For a build
 *                                       from a directory also an absolute path, or a path outside
 *                                       the directory, such as ../Dockerfile. Default: Dockerfile.
 *   "t"                  array          References for the image, with or without a tag. Default
 *                                       tag: latest.
 *   "extrahosts"         array    1.28  Additional lines for /etc/hosts, as name:address.
 *   "remote"             string         URL of a git repository, a tar or a Dockerfile that the
 *                                       engine fetches, instead of a tar in the request.
 *   "q"                  boolean        Return only the ID of the image, without progress messages.
 *   "nocache"            boolean        Do not use the build cache.
 *   "cachefrom"          array    1.25  Images to use as cache sources.
 *   "pull"               boolean        Pull newer versions of the base images, even if the engine
 *                                       has the images.
 *   "rm"                 boolean        Delete the containers of the build steps after a successful
 *                                       build. Default: the engine's, true.
 *   "forcerm"            boolean        Delete the containers of the build steps after a failed
 *                                       build, too.
 *   "memory"             integer        Memory limit in bytes.
 *   "memswap"            integer        Limit of memory and swap together in bytes; -1 for
 *                                       unlimited swap.
 *   "cpushares"          integer        Relative CPU weight; the usual weight is 1024.
 *   "cpusetcpus"         string         CPUs to use, such as 0-3 or 0,1.
 *   "cpusetmems"         string         Memory nodes to use, such as 0-3 or 0,1.
 *   "cpuperiod"          integer        Length of a CPU period in microseconds.
 *   "cpuquota"           integer        CPU time in each CPU period, in microseconds.
 *   "buildargs"          object         Values for the ARG instructions of the Dockerfile; null for
 *                                       an argument without a value. Proxies of the docker CLI's
 *                                       config.json are added.
 *   "shmsize"            integer        Size of /dev/shm in bytes. Default: 64 MiB.
 *   "squash"             boolean  1.25  Merge the layers that the build adds into one. Experimental
 *                                       engines only.
 *   "labels"             object         Labels of the image.
 *   "networkmode"        string   1.25  Network of the build steps: bridge, host, none,
 *                                       container:NAME or the name of a network.
 *   "platform"           string   1.32  Platform to build for, os[/arch[/variant]].
 *   "target"             string   1.29  Stage of the Dockerfile to build. Default: the last stage.
 *   "outputs"            array    1.40  Outputs of a BuildKit build, instead of an image in the
 *                                       engine.
 *   "version"            string         Builder: 1 for the classic builder, 2 for BuildKit.
 *                                       Default: 1.
 *   "buildid"            string   1.38  ID for this build, chosen by the caller, to cancel it with.
 *                                       BuildKit only.
 *   "session"            string   1.31  ID of the session that BuildKit requests secrets,
 *                                       credentials and files from. Another program must serve it.
 *   "isolation"          string         Isolation of containers on Windows: default, process or
 *                                       hyperv.
 *   "ulimits"            array          Ulimits of the build steps.
 *   "securityopt"        array          Security options, such as credentialspec=…. Current
 *                                       engines on Linux reject them.
 *   "cgroupparent"       string         Parent cgroup of the build steps.
 *   "X-Registry-Config"  object         Credentials by registry for the base images, such as
 *                                       registry.example.com:5000; Docker Hub is
 *                                       https://index.docker.io/v1/. An empty map sends none.
 *                                       BuildKit requests them from its session instead. Default:
 *                                       all credentials of the context.
 * tar: the source of the tar, which may be compressed. It remains owned by the caller. NULL
 * if "remote" is set.
 * build: receives a stream of progress messages; free it with dockline_stream_free(), which
 * also cancels a build in progress.
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_image_build(const dockline_context *context,
                         const dockline_value *options,
                         dockline_source *tar,
                         dockline_stream **build,
                         dockline_error **error);

/**
 * Builds an image from a directory.
 *
 * POST /build. The directory is the build context. Files that match its .dockerignore are not
 * sent, as with the docker command. For a Dockerfile called NAME, the file NAME.dockerignore
 * beside it is used instead if it exists.
 *
 * The option "dockerfile" is a path relative to the directory, or an absolute path. A Dockerfile
 * outside the directory is sent under another name, which is added to .dockerignore: COPY does
 * not see it, except with BuildKit, which ignores the .dockerignore of a tar.
 *
 * The directory is read while it is sent, in constant memory. Everything else is as for
 * dockline_image_build().
 *
 * options: as for dockline_image_build().
 * path: path of the directory.
 * build: receives a stream of progress messages; free it with dockline_stream_free(), which
 * also cancels a build in progress.
 *
 * Returns DOCKLINE_OK; DOCKLINE_IO if the Dockerfile is missing (before anything is sent), or
 * if a file cannot be read, or disappears or changes its size during the upload (the error
 * message names the file); or another negative status.
 */
int dockline_image_build_directory(const dockline_context *context,
                                   const dockline_value *options,
                                   const char *path,
                                   dockline_stream **build,
                                   dockline_error **error);

/**
 * Builds an image from the text of a Dockerfile.
 *
 * POST /build. The build context holds no other files. Everything else is as for
 * dockline_image_build().
 *
 * options: as for dockline_image_build().
 * dockerfile: the contents of the Dockerfile.
 * build: receives a stream of progress messages; free it with dockline_stream_free(), which
 * also cancels a build in progress.
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_image_build_dockerfile(const dockline_context *context,
                                    const dockline_value *options,
                                    const char *dockerfile,
                                    dockline_stream **build,
                                    dockline_error **error);

/**
 * Builds an image from the text of a Dockerfile and a directory.
 *
 * POST /build. As dockline_image_build_directory() with a Dockerfile outside the directory.
 *
 * options: as for dockline_image_build(), without "dockerfile".
 * dockerfile: the contents of the Dockerfile.
 * path: path of the directory.
 * build: receives a stream of progress messages; free it with dockline_stream_free(), which
 * also cancels a build in progress.
 *
 * Returns DOCKLINE_OK, or a negative status as for dockline_image_build_directory().
 */
int dockline_image_build_dockerfile_in(const dockline_context *context,
                                       const dockline_value *options,
                                       const char *dockerfile,
                                       const char *path,
                                       dockline_stream **build,
                                       dockline_error **error);

/**
 * Returns the name of the builder.
 *
 * build: a stream of dockline_image_build() or its variants; may be NULL.
 *
 * Returns "classic" or "BuildKit", the builders of Docker, or "Buildah", the builder of
 * Podman. The string is static. Returns NULL if build is NULL or another kind of stream.
 */
const char *dockline_build_builder(const dockline_stream *build);

/**
 * Returns the ID of the image that was built.
 *
 * The engine reports the ID in the messages of the stream. A build with several stages may
 * report several IDs; the last one is returned. Before API 1.29, it is the short ID in the
 * text of the last message, and is known at the end of the stream.
 *
 * build: a stream of dockline_image_build() or its variants; may be NULL.
 *
 * Returns a string that belongs to build and is valid until the next call with it. Returns
 * NULL if the engine has not reported an ID yet, if "outputs" exports something other than an
 * image, or if build is NULL or another kind of stream.
 */
const char *dockline_build_image_id(const dockline_stream *build);

/**
 * Removes build cache.
 *
 * POST /build/prune. Since API 1.31. The cache is that of BuildKit.
 *
 * options: NULL, or an object with any of these members.
 *   "keep-storage"    integer  1.39  Bytes of cache to keep, for all engines. Sent as
 *                                    reserved-space from API 1.48 on.
 *   "reserved-space"  integer  1.48  Bytes of cache to keep; keep-storage also works with older
 *                                    engines.
 *   "max-used-space"  integer  1.48  Maximum size of the cache in bytes.
 *   "min-free-space"  integer  1.48  Bytes of disk space that must be free afterwards.
 *   "all"             boolean  1.39  Delete internal and shared records, too.
 *   "filters"         object   1.39  Delete only records that match these filters: until, id,
 *                                    parent, type, description, inuse, shared, private.
 * pruned: receives an object with "CachesDeleted" and "SpaceReclaimed" (bytes); free it with
 * dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_build_prune(const dockline_context *context,
                         const dockline_value *options,
                         dockline_value **pruned,
                         dockline_error **error);

/**
 * Cancels a BuildKit build by its ID.
 *
 * POST /build/cancel. Since API 1.38. The build may have been started by another client. To
 * cancel a build of this program, free its stream, or cancel the token of
 * dockline_stream_cancel_token() from another thread.
 *
 * id: the ID that the client set with the option "buildid".
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_build_cancel(const dockline_context *context, const char *id, dockline_error **error);

/* ==== Networks ==== */

/*
 * A network is named by its name, its ID or an ID prefix. Names need not be unique. If a name
 * matches several networks, the call fails and the ID is required.
 */

/**
 * Lists networks.
 *
 * GET /networks. The containers in a network are listed by dockline_network_inspect() only.
 *
 * options: NULL, or an object with any of these members.
 *   "filters"  object  Return only networks that match these filters: dangling, driver, id, label,
 *                      name, scope, type.
 * list: receives an array of objects; free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_network_list(const dockline_context *context,
                          const dockline_value *options,
                          dockline_value **list,
                          dockline_error **error);

/**
 * Inspects a network.
 *
 * GET /networks/{id}.
 *
 * id: name, ID or ID prefix of the network.
 * options: NULL, or an object with any of these members.
 *   "verbose"  boolean  1.28  Return the services in the network and their tasks on other nodes.
 *   "scope"    string   1.31  Find only networks of this scope: local, swarm or global.
 * network: receives an object with "Id", "Name", "Driver", "Containers" and so on; free it
 * with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the network does not exist; DOCKLINE_BAD_REQUEST
 * if id matches the names or ID prefixes of several networks; or another negative status.
 */
int dockline_network_inspect(const dockline_context *context,
                             const char *id,
                             const dockline_value *options,
                             dockline_value **network,
                             dockline_error **error);

/**
 * Removes a network.
 *
 * DELETE /networks/{id}.
 *
 * id: name, ID or ID prefix of the network.
 *
 * Returns DOCKLINE_OK; DOCKLINE_FORBIDDEN if the network is predefined by the engine or has
 * containers; or another negative status.
 */
int dockline_network_delete(const dockline_context *context,
                            const char *id,
                            dockline_error **error);

/**
 * Creates a network.
 *
 * POST /networks/create. Before API 1.44, a name that is in use is rejected only if
 * "CheckDuplicate" is set.
 *
 * body: the configuration (NetworkCreateRequest): "Name", "Driver", "Internal", "IPAM",
 * "EnableIPv6", "Options", "Labels" and so on. "Name" is required.
 * created: receives an object with "Id" and "Warning"; free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the name is in use; DOCKLINE_FORBIDDEN if the
 * name is predefined by the engine, if the addresses overlap with another network, or if the
 * network requires a swarm and the engine is not part of one (some engines before API 1.44
 * also return it if the name is in use); or another negative status. Fields that do not
 * exist, or that the engine's API version does not support, fail with
 * DOCKLINE_INVALID_ARGUMENT or DOCKLINE_ENGINE_TOO_OLD before anything is sent.
 */
int dockline_network_create(const dockline_context *context,
                            const dockline_value *body,
                            dockline_value **created,
                            dockline_error **error);

/**
 * Connects a container to a network.
 *
 * POST /networks/{id}/connect.
 *
 * id: name, ID or ID prefix of the network.
 * body: "Container" (string: name or ID of the container, required) and "EndpointConfig"
 * (object with "Aliases", "IPAMConfig" and so on).
 *
 * Returns DOCKLINE_OK; DOCKLINE_FORBIDDEN if the container is already connected to the
 * network; or another negative status.
 */
int dockline_network_connect(const dockline_context *context,
                             const char *id,
                             const dockline_value *body,
                             dockline_error **error);

/**
 * Disconnects a container from a network.
 *
 * POST /networks/{id}/disconnect.
 *
 * id: name, ID or ID prefix of the network.
 * body: "Container" (string: name or ID of the container, required) and "Force" (boolean:
 * disconnects the container even if it cannot be reached).
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_network_disconnect(const dockline_context *context,
                                const char *id,
                                const dockline_value *body,
                                dockline_error **error);

/**
 * Removes unused networks.
 *
 * POST /networks/prune. Since API 1.25. Removes the networks without containers, except the
 * engine's predefined networks and networks that span other nodes of a swarm.
 *
 * options: NULL, or an object with any of these members.
 *   "filters"  object  Delete only networks that match these filters: label, label!, until.
 * pruned: receives an object with "NetworksDeleted" (array of names, or null); free it with
 * dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if another prune is in progress; or another negative
 * status.
 */
int dockline_network_prune(const dockline_context *context,
                           const dockline_value *options,
                           dockline_value **pruned,
                           dockline_error **error);

/* ==== Volumes ==== */

/*
 * Most volumes belong to one engine. Cluster volumes, which CSI plugins provide for a swarm,
 * can also be updated.
 */

/**
 * Lists volumes.
 *
 * GET /volumes.
 *
 * options: NULL, or an object with any of these members.
 *   "filters"  object  Return only volumes that match these filters: dangling, driver, label, name.
 * list: receives an object with "Volumes" (array of objects, or null) and "Warnings" (array
 * of strings, or null); free it with dockline_value_free(). If a volume driver does not
 * respond, its volumes are missing from the list and a warning reports it.
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_volume_list(const dockline_context *context,
                         const dockline_value *options,
                         dockline_value **list,
                         dockline_error **error);

/**
 * Creates a volume.
 *
 * POST /volumes/create. If a volume with this name and driver exists already, it is returned.
 *
 * body: the configuration (VolumeCreateRequest): "Name", "Driver", "DriverOpts", "Labels",
 * "ClusterVolumeSpec". If "Name" is omitted, the engine generates a name. May be NULL.
 * volume: receives an object (Volume); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if a volume of another driver has this name; or
 * another negative status.
 */
int dockline_volume_create(const dockline_context *context,
                           const dockline_value *body,
                           dockline_value **volume,
                           dockline_error **error);

/**
 * Inspects a volume.
 *
 * GET /volumes/{name}. The size of a volume is reported by dockline_system_data_usage().
 *
 * name: name of the volume.
 * volume: receives an object (Volume); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the volume does not exist; or another negative
 * status.
 */
int dockline_volume_inspect(const dockline_context *context,
                            const char *name,
                            dockline_value **volume,
                            dockline_error **error);

/**
 * Changes the availability of a cluster volume.
 *
 * PUT /volumes/{name}. Since API 1.42. The engine accepts no other changes.
 * dockline_volume_update_with() also reads the volume and retries on conflicts.
 *
 * name: name of the volume.
 * options: NULL, or an object with any of these members. "version" is required:
 * "/ClusterVolume/Version/Index" of the volume as it was read.
 *   "version"  integer  Version of the volume to replace: its ClusterVolume.Version.Index when it
 *                       was read. Required.
 * body: "Spec" (object) is the whole "/ClusterVolume/Spec" of the volume as it was read, with
 * the changes. Fields that are unknown to this library are sent back unchanged. Required.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if another client has changed the volume since it
 * was read; DOCKLINE_NOT_FOUND if it is not a cluster volume; DOCKLINE_NO_SWARM or
 * DOCKLINE_NOT_MANAGER if the engine is not a swarm manager; or another negative status.
 */
int dockline_volume_update(const dockline_context *context,
                           const char *name,
                           const dockline_value *options,
                           const dockline_value *body,
                           dockline_error **error);

/**
 * Changes a cluster volume by a callback.
 *
 * GET and PUT /volumes/{name}. Since API 1.42. Reads the volume, calls change with its
 * "/ClusterVolume/Spec" and sends the result. If the volume has changed in the meantime, this
 * is repeated, up to ten times.
 *
 * name: name of the volume.
 * change: called with the spec on the calling thread, possibly several times. It changes the
 * spec in place with dockline_value_set_string() and similar functions. The spec is valid
 * during the call and must not be freed. Return 0 to send it, or another value to stop; then
 * nothing is sent. The callback may call this library; it must not leave by longjmp() or an
 * exception.
 *
 * Returns DOCKLINE_OK; DOCKLINE_STOPPED if change returned a value other than 0;
 * DOCKLINE_INVALID_ARGUMENT if it is not a cluster volume; or another negative status.
 */
int dockline_volume_update_with(const dockline_context *context,
                                const char *name,
                                int (*change)(void *user_data, dockline_value *spec),
                                void *user_data,
                                dockline_error **error);

/**
 * Removes a volume and its data.
 *
 * DELETE /volumes/{name}.
 *
 * name: name of the volume.
 * options: NULL, or an object with any of these members. With "force", a volume that does not exist
 * is not an error.
 *   "force"  boolean  1.25  Delete the volume even if its driver no longer has it. A volume that
 *                           does not exist is then not an error.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if a container uses the volume, running or not; or
 * another negative status.
 */
int dockline_volume_delete(const dockline_context *context,
                           const char *name,
                           const dockline_value *options,
                           dockline_error **error);

/**
 * Removes unused volumes and their data.
 *
 * POST /volumes/prune. Since API 1.25. Removes the volumes that no container uses. Since API
 * 1.42, volumes with a name are kept by default. Podman before 6.0 removes them, too, whatever
 * API version it reports.
 *
 * options: NULL, or an object with any of these members. With the filter {"all": "true"}, volumes
 * with a name are removed too, as engines before API 1.42 always do.
 *   "filters"  object  Delete only volumes that match these filters: label, label!; all=true
 *                      includes named volumes. Before API 1.42 named volumes are always deleted, so
 *                      all=true is omitted and all=false fails.
 * pruned: receives an object with "VolumesDeleted" (array of names, or null) and
 * "SpaceReclaimed" (bytes); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if another prune is in progress; or another negative
 * status.
 */
int dockline_volume_prune(const dockline_context *context,
                          const dockline_value *options,
                          dockline_value **pruned,
                          dockline_error **error);

/* ==== Swarm ==== */

/*
 * dockline_swarm_init() creates a swarm, dockline_swarm_join() adds an engine to it.
 *
 * All functions for swarms, nodes, services, tasks, secrets and configs require a manager,
 * except dockline_swarm_init(), dockline_swarm_join(), dockline_swarm_leave() and
 * dockline_swarm_unlock(). On other engines they fail with DOCKLINE_NO_SWARM,
 * DOCKLINE_NOT_MANAGER or DOCKLINE_SWARM_LOCKED.
 */

/**
 * Inspects the swarm.
 *
 * GET /swarm. The join tokens are secrets.
 *
 * swarm: receives an object with "ID", "Spec", "JoinTokens" and so on; "/JoinTokens/Worker"
 * and "/JoinTokens/Manager" are the tokens for dockline_swarm_join(). Free it with
 * dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_swarm_inspect(const dockline_context *context,
                           dockline_value **swarm,
                           dockline_error **error);

/**
 * Creates a swarm with this engine as a manager.
 *
 * POST /swarm/init.
 *
 * body: the configuration: "ListenAddr" (string, by default "0.0.0.0:2377"), "AdvertiseAddr"
 * (string, required if the engine has several addresses), "Spec" (SwarmSpec) and so on. May
 * be NULL.
 * node: receives the ID of the engine's node, a string; free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_UNAVAILABLE if the engine is already part of a swarm; or
 * another negative status.
 */
int dockline_swarm_init(const dockline_context *context,
                        const dockline_value *body,
                        dockline_value **node,
                        dockline_error **error);

/**
 * Joins the engine to a swarm.
 *
 * POST /swarm/join. The function returns when the engine has joined.
 *
 * body: "RemoteAddrs" (array of strings: addresses of managers, required), "JoinToken"
 * (string, required: it decides whether the engine becomes a worker or a manager),
 * "ListenAddr" (string, by default "0.0.0.0:2377"), "AdvertiseAddr", "DataPathAddr" and
 * "Availability" (strings).
 *
 * Returns DOCKLINE_OK; DOCKLINE_UNAVAILABLE if the engine is already part of a swarm, or if
 * it has not joined within 20 seconds, in which case it continues to try; or another negative
 * status.
 */
int dockline_swarm_join(const dockline_context *context,
                        const dockline_value *body,
                        dockline_error **error);

/**
 * Removes the engine from its swarm.
 *
 * POST /swarm/leave. The containers of the engine's tasks are removed. Managers list its node
 * as down until dockline_node_delete() removes it.
 *
 * options: NULL, or an object with any of these members. If the last manager leaves with "force",
 * the swarm is lost.
 *   "force"  boolean  Leave even if the engine is a manager. The swarm is lost if it is the last
 *                     manager, and is read-only if the remaining managers have no quorum.
 *
 * Returns DOCKLINE_OK; DOCKLINE_NO_SWARM if the engine is not part of a swarm;
 * DOCKLINE_UNAVAILABLE if it is a manager and "force" is not set; or another negative status.
 */
int dockline_swarm_leave(const dockline_context *context,
                         const dockline_value *options,
                         dockline_error **error);

/**
 * Changes the swarm.
 *
 * POST /swarm/update. dockline_swarm_update_with() also reads the swarm and retries on
 * conflicts.
 *
 * options: NULL, or an object with any of these members. "version" is required: "/Version/Index" of
 * the swarm as it was read.
 *   "version"                 integer        Version of the swarm to replace: its Version.Index
 *                                            when it was read. Required.
 *   "rotateWorkerToken"       boolean        Replace the join token of workers. The old token
 *                                            becomes invalid.
 *   "rotateManagerToken"      boolean        Replace the join token of managers. The old token
 *                                            becomes invalid.
 *   "rotateManagerUnlockKey"  boolean  1.25  Replace the key that unlocks managers. Managers that
 *                                            are down may still need the old key.
 * spec: the whole "/Spec" of the swarm as it was read, with the changes. Fields that are
 * unknown to this library are sent back unchanged. Required.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if another client has changed the swarm since it was
 * read; or another negative status.
 */
int dockline_swarm_update(const dockline_context *context,
                          const dockline_value *options,
                          const dockline_value *spec,
                          dockline_error **error);

/**
 * Changes the swarm by a callback.
 *
 * GET /swarm and POST /swarm/update. Reads the swarm, calls change with its "/Spec" and sends
 * the result. If the swarm has changed in the meantime, this is repeated, up to ten times.
 *
 * options: as for dockline_swarm_update(), except that "version" is set by this function.
 * change: called with the spec on the calling thread, possibly several times. It changes the
 * spec in place with dockline_value_set_string() and similar functions. The spec is valid
 * during the call and must not be freed. Return 0 to send it, or another value to stop; then
 * nothing is sent. The callback may call this library; it must not leave by longjmp() or an
 * exception.
 *
 * Returns DOCKLINE_OK; DOCKLINE_STOPPED if change returned a value other than 0; or a
 * negative status.
 */
int dockline_swarm_update_with(const dockline_context *context,
                               const dockline_value *options,
                               int (*change)(void *user_data, dockline_value *spec),
                               void *user_data,
                               dockline_error **error);

/**
 * Returns the key that unlocks managers.
 *
 * GET /swarm/unlockkey. Since API 1.25. Managers need the key after a restart if autolock is
 * enabled. The key is a secret.
 *
 * key: receives an object with "UnlockKey" (string, empty if autolock is disabled); free it
 * with dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_swarm_unlockkey(const dockline_context *context,
                             dockline_value **key,
                             dockline_error **error);

/**
 * Unlocks a manager after its restart.
 *
 * POST /swarm/unlock. Since API 1.25.
 *
 * body: "UnlockKey" (string, required), as returned by dockline_swarm_unlockkey().
 *
 * Returns DOCKLINE_OK; DOCKLINE_UNAUTHORIZED if the key is wrong; DOCKLINE_CONFLICT if the
 * manager is not locked; DOCKLINE_NO_SWARM if the engine is not part of a swarm; or another
 * negative status.
 */
int dockline_swarm_unlock(const dockline_context *context,
                          const dockline_value *body,
                          dockline_error **error);

/* ==== Nodes ==== */

/*
 * Nodes are the engines of a swarm. The functions require a swarm manager.
 */

/**
 * Lists the nodes of the swarm.
 *
 * GET /nodes.
 *
 * options: NULL, or an object with any of these members.
 *   "filters"  object  Return only nodes that match these filters: engine.label, id, label,
 *                      membership, name, node.label, role.
 * list: receives an array of objects (Node); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_node_list(const dockline_context *context,
                       const dockline_value *options,
                       dockline_value **list,
                       dockline_error **error);

/**
 * Inspects a node.
 *
 * GET /nodes/{id}.
 *
 * id: ID, ID prefix or hostname of the node, or "self".
 * node: receives an object (Node); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the node does not exist; or another negative
 * status.
 */
int dockline_node_inspect(const dockline_context *context,
                          const char *id,
                          dockline_value **node,
                          dockline_error **error);

/**
 * Removes a node from the swarm.
 *
 * DELETE /nodes/{id}. The node must be down, for example because it has left the swarm. A
 * manager must be demoted first.
 *
 * id: ID, ID prefix or hostname of the node.
 * options: NULL, or an object with any of these members. A node that is removed with "force" is not
 * notified.
 *   "force"  boolean  Delete the node even if it is not down. The node itself is not notified.
 *
 * Returns DOCKLINE_OK; DOCKLINE_BAD_REQUEST, or DOCKLINE_ENGINE from some engines, if the
 * node is a manager, or if it is not down and "force" is not set; or another negative status.
 */
int dockline_node_delete(const dockline_context *context,
                         const char *id,
                         const dockline_value *options,
                         dockline_error **error);

/**
 * Changes a node.
 *
 * POST /nodes/{id}/update. dockline_node_update_with() also reads the node and retries on
 * conflicts.
 *
 * id: ID, ID prefix or hostname of the node, or "self".
 * options: NULL, or an object with any of these members. "version" is required: "/Version/Index" of
 * the node as it was read.
 *   "version"  integer  Version of the node to replace: its Version.Index when it was read.
 *                       Required.
 * spec: the whole "/Spec" of the node as it was read, with the changes. Fields that are
 * unknown to this library are sent back unchanged. "Role" is "worker" or "manager",
 * "Availability" is "active", "pause" or "drain". Required.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the node has changed since it was read, which
 * also happens without another client; or another negative status.
 */
int dockline_node_update(const dockline_context *context,
                         const char *id,
                         const dockline_value *options,
                         const dockline_value *spec,
                         dockline_error **error);

/**
 * Changes a node by a callback.
 *
 * GET /nodes/{id} and POST /nodes/{id}/update. Reads the node, calls change with its "/Spec"
 * and sends the result. If the node has changed in the meantime, this is repeated, up to ten
 * times.
 *
 * id: ID, ID prefix or hostname of the node, or "self".
 * change: called with the spec on the calling thread, possibly several times. It changes the
 * spec in place with dockline_value_set_string() and similar functions. The spec is valid
 * during the call and must not be freed. Return 0 to send it, or another value to stop; then
 * nothing is sent. The callback may call this library; it must not leave by longjmp() or an
 * exception.
 *
 * Returns DOCKLINE_OK; DOCKLINE_STOPPED if change returned a value other than 0; or a
 * negative status.
 */
int dockline_node_update_with(const dockline_context *context,
                              const char *id,
                              int (*change)(void *user_data, dockline_value *spec),
                              void *user_data,
                              dockline_error **error);

/* ==== Services ==== */

/*
 * A service runs a number of equal tasks on the nodes of a swarm. dockline_service_create()
 * and dockline_service_update() return before the tasks have started;
 * dockline_service_wait_converged() waits for them. The functions require a swarm manager.
 */

/**
 * Lists services.
 *
 * GET /services.
 *
 * options: NULL, or an object with any of these members. With "status", each object has
 * "ServiceStatus" with the running and the desired number of tasks.
 *   "filters"  object         Return only services that match these filters: id, label, mode, name.
 *   "status"   boolean  1.41  Return the numbers of running and desired tasks as ServiceStatus.
 * list: receives an array of objects (Service); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_service_list(const dockline_context *context,
                          const dockline_value *options,
                          dockline_value **list,
                          dockline_error **error);

/**
 * Creates a service.
 *
 * POST /services/create. The managers start its tasks after the function has returned: see
 * dockline_service_wait_converged().
 *
 * Unless "queryRegistry" is false, the image is first resolved to its digest, so that all
 * nodes run the same image. If the registry cannot be queried, the service is created without
 * it and a warning is added.
 *
 * options: NULL, or an object with any of these members. Credentials in "X-Registry-Auth" are
 * stored by the managers, and used by the nodes to pull the image.
 *   "X-Registry-Auth"   object   Credentials for the registry of the image. The managers store
 *                                them, and nodes pull the image with them.
 *   "withRegistryAuth"  boolean  Send the context's credentials for the registry of the image,
 *                                unless others are given.
 *   "queryRegistry"     boolean  Resolve the tag of the image to a digest, so that all nodes run
 *                                the same image, and restrict the service to platforms of the
 *                                image. A failure is a warning. Has no effect if the image has a
 *                                digest or before API 1.30, where the engine resolves it. Default:
 *                                true.
 * spec: the configuration (ServiceSpec): "Name", "TaskTemplate", "Mode" and so on. Required.
 * created: receives an object with "ID" and "Warnings" (array of strings; may be null or
 * missing); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the name is in use; or another negative status.
 */
int dockline_service_create(const dockline_context *context,
                            const dockline_value *options,
                            const dockline_value *spec,
                            dockline_value **created,
                            dockline_error **error);

/**
 * Inspects a service.
 *
 * GET /services/{id}.
 *
 * id: name, ID or ID prefix of the service.
 * options: NULL, or an object with any of these members.
 *   "insertDefaults"  boolean  1.29  Fill in default values that the spec omits.
 * service: receives an object (Service); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the service does not exist; DOCKLINE_BAD_REQUEST
 * if several IDs have this prefix; or another negative status.
 */
int dockline_service_inspect(const dockline_context *context,
                             const char *id,
                             const dockline_value *options,
                             dockline_value **service,
                             dockline_error **error);

/**
 * Changes a service.
 *
 * POST /services/{id}/update. The managers replace the tasks after the function has returned:
 * see dockline_service_wait_converged(). dockline_service_update_with() also reads the
 * service and retries on conflicts.
 *
 * id: name, ID or ID prefix of the service.
 * options: NULL, or an object with any of these members. "version" is required: "/Version/Index" of
 * the service as it was read.
 *   "version"           integer        Version of the service to replace: its Version.Index when it
 *                                      was read. Required.
 *   "registryAuthFrom"  string   1.25  Source of the registry credentials if none are sent: spec or
 *                                      previous-spec. Default: spec.
 *   "rollback"          string   1.28  Set to previous to roll back to the spec before the last
 *                                      update; the spec that is sent is ignored.
 *   "X-Registry-Auth"   object         Credentials for the registry of the image. The managers
 *                                      store them, and nodes pull the image with them.
 *   "withRegistryAuth"  boolean        Send the context's credentials for the registry of the
 *                                      image, unless others are given.
 *   "queryRegistry"     boolean        Resolve the tag of the image to a digest, so that all nodes
 *                                      run the same image. An update that reads the spec first
 *                                      resolves it only if the image has changed. Default: true.
 * spec: the whole "/Spec" of the service as it was read, with the changes. Omitted fields are
 * reset. Fields that are unknown to this library are sent back unchanged. Required.
 * updated: receives an object with "Warnings" (array of strings; may be null or missing);
 * free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the service has changed since it was read, which
 * also happens without another client; or another negative status.
 */
int dockline_service_update(const dockline_context *context,
                            const char *id,
                            const dockline_value *options,
                            const dockline_value *spec,
                            dockline_value **updated,
                            dockline_error **error);

/**
 * Changes a service by a callback.
 *
 * GET /services/{id} and POST /services/{id}/update. Reads the service, calls change with its
 * "/Spec" and sends the result. If the service has changed in the meantime, this is repeated,
 * up to ten times.
 *
 * id: name, ID or ID prefix of the service.
 * options: as for dockline_service_update(), except that "version" is set by this function and
 * "queryRegistry" applies only if the image has changed.
 * change: called with the spec on the calling thread, possibly several times. It changes the
 * spec in place with dockline_value_set_string() and similar functions. The spec is valid
 * during the call and must not be freed. Return 0 to send it, or another value to stop; then
 * nothing is sent. The callback may call this library; it must not leave by longjmp() or an
 * exception.
 * updated: as for dockline_service_update(). It is written only if the function returns
 * DOCKLINE_OK.
 *
 * Returns DOCKLINE_OK; DOCKLINE_STOPPED if change returned a value other than 0; or a
 * negative status.
 */
int dockline_service_update_with(const dockline_context *context,
                                 const char *id,
                                 const dockline_value *options,
                                 int (*change)(void *user_data, dockline_value *spec),
                                 void *user_data,
                                 dockline_value **updated,
                                 dockline_error **error);

/**
 * Rolls a service back to its previous spec.
 *
 * POST /services/{id}/update. Since API 1.28. The spec from before the last update is
 * restored, as configured by "RollbackConfig" of the service. A second rollback restores the
 * update.
 *
 * id: name, ID or ID prefix of the service.
 * updated: receives an object with "Warnings" (array of strings; may be null or missing);
 * free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_BAD_REQUEST if the service was never updated; or another
 * negative status.
 */
int dockline_service_rollback(const dockline_context *context,
                              const char *id,
                              dockline_value **updated,
                              dockline_error **error);

/**
 * Removes a service.
 *
 * DELETE /services/{id}. Its tasks are stopped and removed after the function has returned.
 *
 * id: name, ID or ID prefix of the service.
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the service does not exist; or another negative
 * status.
 */
int dockline_service_delete(const dockline_context *context,
                            const char *id,
                            dockline_error **error);

/**
 * Reads the logs of all tasks of a service.
 *
 * GET /services/{id}/logs. Since API 1.25. By default the output is what the tasks have
 * written to stdout and stderr so far. With "follow" it continues, also with the output of
 * tasks that start later.
 *
 * Engines before API 1.42 do not report whether the stream is multiplexed. With them the
 * service is inspected first.
 *
 * id: name, ID or ID prefix of the service.
 * options: NULL, or an object with any of these members. "since" takes Unix seconds, an RFC 3339
 * string, or a string such as "10m" for ten minutes ago. "tail" takes a number of lines for each
 * task, or "all".
 *   "details"     boolean  Prefix each line with its node, service and task, separated by commas:
 *                          com.docker.swarm.node.id=… and so on.
 *   "follow"      boolean  Keep the stream open and return new output, including that of tasks
 *                          started later.
 *   "stdout"      boolean  Return standard output. Default: true.
 *   "stderr"      boolean  Return standard error. Default: true.
 *   "since"       time     Return only output written since this time.
 *   "timestamps"  boolean  Prefix each line with its time in RFC 3339 with nine decimals, and a
 *                          space.
 *   "tail"        integer  Number of lines to return from the end of each task's logs, or all.
 *                          Default: all.
 * output: receives the output; free it with dockline_output_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_service_logs(const dockline_context *context,
                          const char *id,
                          const dockline_value *options,
                          dockline_output **output,
                          dockline_error **error);

/**
 * Waits until a service has converged.
 *
 * Since API 1.29. Polls the service, its tasks and the nodes. A service has converged when
 * the desired number of up-to-date tasks is running and no task has ended for "monitor"
 * seconds. A job has converged when the desired number of tasks has completed.
 *
 * The items of progress are objects. The first describes the current state, each further one
 * a change:
 *
 *    State         "converging" in all items except the last
 *    Running       number of up-to-date tasks that are running
 *    Desired       desired number of such tasks
 *    Completed     number of completed tasks of a job
 *    UpdateStatus  the engine's status of the update, or null
 *    Problems      Task objects that failed, were rejected or have no suitable node, each
 *                  reported once; "/Status/Err" is the reason
 *
 * The state of the last item is "converged"; "paused" if too many tasks of an update failed;
 * "rolled_back" if the spec from before the last update is active again; or "rollback_paused"
 * if too many tasks of the rollback failed.
 *
 * Some services never converge, for example if no node can run the tasks. The context's
 * "deadline", which applies to the whole wait, or the token of dockline_stream_cancel_token()
 * end the wait. The service is not affected.
 *
 * id: name, ID or ID prefix of the service.
 * options: NULL, or an object with any of these members.
 *   "monitor"  number  Seconds that all tasks must keep running before the service counts as
 *                      converged. Default: UpdateConfig.Monitor of the service, or 5.
 * progress: receives the stream; free it with dockline_stream_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the service does not exist; or another negative
 * status. dockline_stream_next() fails with DOCKLINE_NOT_FOUND if the service is removed
 * during the wait, and with DOCKLINE_TIMEOUT after the deadline.
 */
int dockline_service_wait_converged(const dockline_context *context,
                                    const char *id,
                                    const dockline_value *options,
                                    dockline_stream **progress,
                                    dockline_error **error);

/* ==== Tasks ==== */

/*
 * A task is one container of a service. The functions require a swarm manager.
 */

/**
 * Lists tasks.
 *
 * GET /tasks. Tasks that have ended are included as long as the swarm keeps them.
 *
 * options: NULL, or an object with any of these members.
 *   "filters"  object  Return only tasks that match these filters: desired-state, id, label, name,
 *                      node, service.
 * list: receives an array of objects (Task); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_task_list(const dockline_context *context,
                       const dockline_value *options,
                       dockline_value **list,
                       dockline_error **error);

/**
 * Inspects a task.
 *
 * GET /tasks/{id}.
 *
 * id: ID or ID prefix of the task.
 * task: receives an object (Task); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the task does not exist; or another negative
 * status.
 */
int dockline_task_inspect(const dockline_context *context,
                          const char *id,
                          dockline_value **task,
                          dockline_error **error);

/**
 * Reads the logs of a task.
 *
 * GET /tasks/{id}/logs. Since API 1.29. By default the output is what the task has written to
 * stdout and stderr so far. With "follow" it continues until the task ends.
 *
 * Engines before API 1.42 do not report whether the stream is multiplexed. With them the task
 * is inspected first.
 *
 * id: ID or ID prefix of the task.
 * options: as for dockline_service_logs().
 * output: receives the output; free it with dockline_output_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_task_logs(const dockline_context *context,
                       const char *id,
                       const dockline_value *options,
                       dockline_output **output,
                       dockline_error **error);

/* ==== Secrets ==== */

/*
 * Swarm managers store secrets, and only tasks that were given a secret can read its data.
 * The functions fail with DOCKLINE_NO_SWARM or DOCKLINE_NOT_MANAGER if the engine is not a
 * swarm manager.
 */

/**
 * Lists secrets.
 *
 * GET /secrets. Since API 1.25. The data of secrets is not returned.
 *
 * options: NULL, or an object with any of these members.
 *   "filters"  object  Return only secrets that match these filters: id, label, name, names.
 * list: receives an array of objects (Secret); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_secret_list(const dockline_context *context,
                         const dockline_value *options,
                         dockline_value **list,
                         dockline_error **error);

/**
 * Creates a secret.
 *
 * POST /secrets/create. Since API 1.25. The callback of dockline_context_on_result() receives
 * [redacted] in place of the data.
 *
 * spec: "Name" (string, required), "Data" (string: the data in base64, at most 500 KB),
 * "Labels" (object of strings), "Driver" and "Templating" (objects with "Name" and
 * "Options").
 * created: receives an object with "ID"; free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the name is in use; or another negative status.
 */
int dockline_secret_create(const dockline_context *context,
                           const dockline_value *spec,
                           dockline_value **created,
                           dockline_error **error);

/**
 * Inspects a secret.
 *
 * GET /secrets/{id}. Since API 1.25. The data of the secret is not returned.
 *
 * id: ID, name or ID prefix of the secret.
 * secret: receives an object with "ID", "Version" and "Spec"; free it with
 * dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the secret does not exist; or another negative
 * status.
 */
int dockline_secret_inspect(const dockline_context *context,
                            const char *id,
                            dockline_value **secret,
                            dockline_error **error);

/**
 * Removes a secret.
 *
 * DELETE /secrets/{id}. Since API 1.25.
 *
 * id: ID, name or ID prefix of the secret.
 *
 * Returns DOCKLINE_OK; DOCKLINE_BAD_REQUEST if a service uses the secret; or another negative
 * status.
 */
int dockline_secret_delete(const dockline_context *context, const char *id, dockline_error **error);

/**
 * Changes the labels of a secret.
 *
 * POST /secrets/{id}/update. Since API 1.26. The engine accepts no other changes.
 * dockline_secret_update_with() also reads the secret and retries on conflicts.
 *
 * id: ID, name or ID prefix of the secret.
 * options: NULL, or an object with any of these members. "version" is required: "/Version/Index" of
 * the secret as it was read.
 *   "version"  integer  Version of the secret to replace: its Version.Index when it was read.
 *                       Required.
 * spec: the whole "/Spec" of the secret as it was read, with the changes. Fields that are
 * unknown to this library are sent back unchanged. Required.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the secret has changed since it was read;
 * DOCKLINE_BAD_REQUEST if anything except the labels is changed; or another negative status.
 */
int dockline_secret_update(const dockline_context *context,
                           const char *id,
                           const dockline_value *options,
                           const dockline_value *spec,
                           dockline_error **error);

/**
 * Changes a secret by a callback.
 *
 * GET /secrets/{id} and POST /secrets/{id}/update. Since API 1.26. Reads the secret, calls
 * change with its "/Spec" and sends the result. If the secret has changed in the meantime,
 * this is repeated, up to ten times.
 *
 * id: ID, name or ID prefix of the secret.
 * change: called with the spec on the calling thread, possibly several times. It changes the
 * spec in place with dockline_value_set_string() and similar functions. The spec is valid
 * during the call and must not be freed. Return 0 to send it, or another value to stop; then
 * nothing is sent. The callback may call this library; it must not leave by longjmp() or an
 * exception.
 *
 * Returns DOCKLINE_OK; DOCKLINE_STOPPED if change returned a value other than 0; or a
 * negative status.
 */
int dockline_secret_update_with(const dockline_context *context,
                                const char *id,
                                int (*change)(void *user_data, dockline_value *spec),
                                void *user_data,
                                dockline_error **error);

/* ==== Configs ==== */

/*
 * Swarm managers store configs, and tasks receive them as files. Unlike the data of secrets,
 * their data is returned by the engine. The functions fail with DOCKLINE_NO_SWARM or
 * DOCKLINE_NOT_MANAGER if the engine is not a swarm manager.
 */

/**
 * Lists configs.
 *
 * GET /configs. Since API 1.30. The data of the configs is included.
 *
 * options: NULL, or an object with any of these members.
 *   "filters"  object  Return only configs that match these filters: id, label, name, names.
 * list: receives an array of objects (Config); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_config_list(const dockline_context *context,
                         const dockline_value *options,
                         dockline_value **list,
                         dockline_error **error);

/**
 * Creates a config.
 *
 * POST /configs/create. Since API 1.30.
 *
 * spec: "Name" (string, required), "Data" (string: the data in base64, at most 1000 KB),
 * "Labels" (object of strings), "Templating" (object with "Name" and "Options").
 * created: receives an object with "ID"; free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the name is in use; or another negative status.
 */
int dockline_config_create(const dockline_context *context,
                           const dockline_value *spec,
                           dockline_value **created,
                           dockline_error **error);

/**
 * Inspects a config.
 *
 * GET /configs/{id}. Since API 1.30.
 *
 * id: ID, name or ID prefix of the config.
 * config: receives an object with "ID", "Version" and "Spec"; "/Spec/Data" is the data in
 * base64. Free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the config does not exist; or another negative
 * status.
 */
int dockline_config_inspect(const dockline_context *context,
                            const char *id,
                            dockline_value **config,
                            dockline_error **error);

/**
 * Removes a config.
 *
 * DELETE /configs/{id}. Since API 1.30.
 *
 * id: ID, name or ID prefix of the config.
 *
 * Returns DOCKLINE_OK; DOCKLINE_BAD_REQUEST if a service uses the config; or another negative
 * status.
 */
int dockline_config_delete(const dockline_context *context, const char *id, dockline_error **error);

/**
 * Changes the labels of a config.
 *
 * POST /configs/{id}/update. Since API 1.30. The engine accepts no other changes.
 * dockline_config_update_with() also reads the config and retries on conflicts.
 *
 * id: ID, name or ID prefix of the config.
 * options: NULL, or an object with any of these members. "version" is required: "/Version/Index" of
 * the config as it was read.
 *   "version"  integer  Version of the config to replace: its Version.Index when it was read.
 *                       Required.
 * spec: the whole "/Spec" of the config as it was read, with the changes. Fields that are
 * unknown to this library are sent back unchanged. Required.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the config has changed since it was read;
 * DOCKLINE_BAD_REQUEST if anything except the labels is changed; or another negative status.
 */
int dockline_config_update(const dockline_context *context,
                           const char *id,
                           const dockline_value *options,
                           const dockline_value *spec,
                           dockline_error **error);

/**
 * Changes a config by a callback.
 *
 * GET /configs/{id} and POST /configs/{id}/update. Since API 1.30. Reads the config, calls
 * change with its "/Spec" and sends the result. If the config has changed in the meantime,
 * this is repeated, up to ten times.
 *
 * id: ID, name or ID prefix of the config.
 * change: called with the spec on the calling thread, possibly several times. It changes the
 * spec in place with dockline_value_set_string() and similar functions. The spec is valid
 * during the call and must not be freed. Return 0 to send it, or another value to stop; then
 * nothing is sent. The callback may call this library; it must not leave by longjmp() or an
 * exception.
 *
 * Returns DOCKLINE_OK; DOCKLINE_STOPPED if change returned a value other than 0; or a
 * negative status.
 */
int dockline_config_update_with(const dockline_context *context,
                                const char *id,
                                int (*change)(void *user_data, dockline_value *spec),
                                void *user_data,
                                dockline_error **error);

/* ==== Distribution: images in registries ==== */

/**
 * Looks up an image in its registry.
 *
 * GET /distribution/{name}/json. Since API 1.30. The image is not pulled.
 *
 * name: the image reference; the tag defaults to latest.
 * options: NULL, or an object with any of these members.
 *   "X-Registry-Auth"  object  Credentials for the registry. Empty credentials make the call
 *                              anonymous. Default: the credentials that the context has for this
 *                              registry.
 * found: receives an object with "/Descriptor/digest", "/Descriptor/mediaType",
 * "/Descriptor/size" and "/Platforms" (array of objects with "os", "architecture" and so on),
 * a DistributionInspect; free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_UNAUTHORIZED if the registry requires credentials or rejects
 * those that were sent; or another negative status. Some registries and engines report that
 * as DOCKLINE_FORBIDDEN, DOCKLINE_NOT_FOUND or DOCKLINE_ENGINE; the latter two are also
 * returned if the image does not exist.
 */
int dockline_distribution_inspect(const dockline_context *context,
                                  const char *name,
                                  const dockline_value *options,
                                  dockline_value **found,
                                  dockline_error **error);

/* ==== Plugins ==== */

/*
 * Plugins add volume, network and other drivers to an engine. A plugin requires privileges,
 * such as access to the host's network, which must be granted when it is installed:
 * dockline_plugin_pull_with_grant() passes them to a callback that decides. After the
 * installation, dockline_plugin_enable() starts the plugin.
 */

/**
 * Lists the installed plugins.
 *
 * GET /plugins.
 *
 * options: NULL, or an object with any of these members.
 *   "filters"  object  Return only plugins that match these filters: capability, enabled.
 * list: receives an array of objects (Plugin); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_plugin_list(const dockline_context *context,
                         const dockline_value *options,
                         dockline_value **list,
                         dockline_error **error);

/**
 * Returns the privileges that a plugin requires.
 *
 * GET /plugins/privileges. Since API 1.25. If the registry denies access, for example for
 * lack of credentials, engines return an empty array; the pull then fails.
 *
 * options: NULL, or an object with any of these members. "remote" is required.
 *   "remote"           string  Reference of the plugin in its registry. Default tag: latest.
 *                              Required.
 *   "X-Registry-Auth"  object  Credentials for the registry. Empty credentials make the call
 *                              anonymous. Default: the credentials that the context has for this
 *                              registry.
 * privileges: receives an array of objects with "Name", "Description" and "Value" (array of
 * strings); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_plugin_privileges(const dockline_context *context,
                               const dockline_value *options,
                               dockline_value **privileges,
                               dockline_error **error);

/**
 * Installs a plugin from a registry.
 *
 * POST /plugins/pull. The plugin is not enabled: see dockline_plugin_enable().
 *
 * The installation is complete only when progress has been read to its end. Engines respond
 * before they contact the registry: errors of the registry and missing privileges may be
 * reported by progress with DOCKLINE_STREAM.
 *
 * options: NULL, or an object with any of these members. "remote" is required.
 *   "remote"           string  Reference of the plugin in its registry. Default tag: latest.
 *                              Required.
 *   "name"             string  Local name of the plugin, with or without a tag. Default: the name
 *                              in remote.
 *   "X-Registry-Auth"  object  Credentials for the registry. Empty credentials make the call
 *                              anonymous. Default: the credentials that the context has for this
 *                              registry.
 * granted: the array of dockline_plugin_privileges(), complete and unchanged, since engines
 * accept no other. NULL grants no privileges. dockline_plugin_pull_with_grant() requests and
 * passes it.
 * progress: receives a stream of progress messages; free it with dockline_stream_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the plugin is already installed; or another
 * negative status.
 */
int dockline_plugin_pull(const dockline_context *context,
                         const dockline_value *options,
                         const dockline_value *granted,
                         dockline_stream **progress,
                         dockline_error **error);

/**
 * Installs a plugin after a callback has agreed.
 *
 * GET /plugins/privileges and POST /plugins/pull. Since API 1.25. Requests the privileges
 * that the plugin requires, and installs it if grant returns true. The stream is as for
 * dockline_plugin_pull().
 *
 * options: as for dockline_plugin_pull().
 * grant: called once with the required privileges, the array of dockline_plugin_privileges(),
 * which may be empty. It is called on the calling thread before this function returns. The
 * array is valid during the call. Return true to grant all privileges, false to grant none.
 * The callback may call this library; it must not leave by longjmp() or an exception.
 * progress: receives a stream of progress messages; free it with dockline_stream_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_GRANTED if grant returned false, and the plugin is not
 * installed; DOCKLINE_CONFLICT if the plugin is already installed; or another negative
 * status.
 */
int dockline_plugin_pull_with_grant(const dockline_context *context,
                                    const dockline_value *options,
                                    bool (*grant)(void *user_data, const dockline_value *privileges),
                                    void *user_data,
                                    dockline_stream **progress,
                                    dockline_error **error);

/**
 * Returns the name of a plugin being installed.
 *
 * progress: a stream of dockline_plugin_pull(), dockline_plugin_upgrade() or their variants
 * with a callback; may be NULL.
 *
 * Returns the local name with its tag, a string that belongs to progress. Returns NULL if the
 * engine does not report the name, or if progress is NULL or another kind of stream.
 */
const char *dockline_plugin_stream_name(const dockline_stream *progress);

/**
 * Inspects a plugin.
 *
 * GET /plugins/{name}/json. Since API 1.25.
 *
 * name: name, ID or ID prefix of the plugin. The tag "latest" may be omitted.
 * plugin: receives an object (Plugin); free it with dockline_value_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the plugin does not exist; or another negative
 * status.
 */
int dockline_plugin_inspect(const dockline_context *context,
                            const char *name,
                            dockline_value **plugin,
                            dockline_error **error);

/**
 * Removes a plugin.
 *
 * DELETE /plugins/{name}.
 *
 * name: name, ID or ID prefix of the plugin. The tag "latest" may be omitted.
 * options: NULL, or an object with any of these members.
 *   "force"  boolean  Delete the plugin even if it is enabled.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the plugin is enabled and "force" is not set; or
 * another negative status.
 */
int dockline_plugin_delete(const dockline_context *context,
                           const char *name,
                           const dockline_value *options,
                           dockline_error **error);

/**
 * Enables a plugin.
 *
 * POST /plugins/{name}/enable. The engine starts the plugin. The function returns when the
 * plugin responds.
 *
 * name: name, ID or ID prefix of the plugin. The tag "latest" may be omitted.
 * options: NULL, or an object with any of these members.
 *   "timeout"  integer  Seconds to wait for each response of the plugin; 0 waits without limit.
 *                       Default: 0.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT, DOCKLINE_BAD_REQUEST or DOCKLINE_ENGINE, depending
 * on the engine's version, if the plugin is already enabled, or does not start or respond; or
 * another negative status.
 */
int dockline_plugin_enable(const dockline_context *context,
                           const char *name,
                           const dockline_value *options,
                           dockline_error **error);

/**
 * Disables a plugin.
 *
 * POST /plugins/{name}/disable. The engine stops the plugin.
 *
 * name: name, ID or ID prefix of the plugin. The tag "latest" may be omitted.
 * options: NULL, or an object with any of these members.
 *   "force"  boolean  Disable the plugin even if it is in use.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT, DOCKLINE_BAD_REQUEST or DOCKLINE_ENGINE, depending
 * on the engine's version, if the plugin is not enabled, or if it is in use and "force" is
 * not set; or another negative status.
 */
int dockline_plugin_disable(const dockline_context *context,
                            const char *name,
                            const dockline_value *options,
                            dockline_error **error);

/**
 * Replaces a plugin with a version in a registry.
 *
 * POST /plugins/{name}/upgrade. Since API 1.26. The plugin must be disabled. Its settings are
 * lost.
 *
 * The upgrade is complete only when progress has been read to its end.
 *
 * name: name, ID or ID prefix of the plugin. The tag "latest" may be omitted.
 * options: NULL, or an object with any of these members. "remote" is required.
 *   "remote"           string  Reference of the plugin to upgrade to. Default tag: latest.
 *                              Required.
 *   "X-Registry-Auth"  object  Credentials for the registry. Empty credentials make the call
 *                              anonymous. Default: the credentials that the context has for this
 *                              registry.
 * granted: as for dockline_plugin_pull(). dockline_plugin_upgrade_with_grant() requests and
 * passes it.
 * progress: receives a stream of progress messages; free it with dockline_stream_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_plugin_upgrade(const dockline_context *context,
                            const char *name,
                            const dockline_value *options,
                            const dockline_value *granted,
                            dockline_stream **progress,
                            dockline_error **error);

/**
 * Upgrades a plugin after a callback has agreed.
 *
 * GET /plugins/privileges and POST /plugins/{name}/upgrade. Since API 1.26. Requests the
 * privileges that the new version requires, and upgrades the plugin if grant returns true.
 * Everything else is as for dockline_plugin_upgrade().
 *
 * name: name, ID or ID prefix of the plugin. The tag "latest" may be omitted.
 * options: as for dockline_plugin_upgrade().
 * grant: called once with the required privileges, the array of dockline_plugin_privileges(),
 * which may be empty. It is called on the calling thread before this function returns. The
 * array is valid during the call. Return true to grant all privileges, false to grant none.
 * The callback may call this library; it must not leave by longjmp() or an exception.
 * progress: receives a stream of progress messages; free it with dockline_stream_free().
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_GRANTED if grant returned false, and the plugin is
 * unchanged; or another negative status.
 */
int dockline_plugin_upgrade_with_grant(const dockline_context *context,
                                       const char *name,
                                       const dockline_value *options,
                                       bool (*grant)(void *user_data,
                                                     const dockline_value *privileges),
                                       void *user_data,
                                       dockline_stream **progress,
                                       dockline_error **error);

/**
 * Creates a plugin from a tar.
 *
 * POST /plugins/create. Since API 1.25. The tar holds config.json and the directory rootfs,
 * the root filesystem of the plugin.
 *
 * name: name of the plugin, with or without a tag.
 * tar: the source of the tar, which is read to its end. It remains owned by the caller.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT or DOCKLINE_ENGINE, depending on the engine's
 * version, if the name is in use; or another negative status.
 */
int dockline_plugin_create(const dockline_context *context,
                           const char *name,
                           dockline_source *tar,
                           dockline_error **error);

/**
 * Pushes a plugin to its registry.
 *
 * POST /plugins/{name}/push. The registry is part of the name of the plugin.
 *
 * The push is complete only when progress has been read to its end. Engines respond before
 * they contact the registry: errors of the registry are reported by progress with
 * DOCKLINE_STREAM.
 *
 * name: name of the plugin. The tag "latest" may be omitted.
 * options: NULL, or an object with any of these members.
 *   "X-Registry-Auth"  object  Credentials for the registry. Empty credentials make the call
 *                              anonymous. Default: the credentials that the context has for this
 *                              registry.
 * progress: receives a stream of progress messages; free it with dockline_stream_free().
 *
 * Returns DOCKLINE_OK, or a negative status.
 */
int dockline_plugin_push(const dockline_context *context,
                         const char *name,
                         const dockline_value *options,
                         dockline_stream **progress,
                         dockline_error **error);

/**
 * Changes the settings of a plugin.
 *
 * POST /plugins/{name}/set. Since API 1.25. The plugin must be disabled.
 *
 * name: name, ID or ID prefix of the plugin. The tag "latest" may be omitted.
 * settings: an array of strings: "NAME=value", or "NAME.field=value" for a mount or device.
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT, DOCKLINE_BAD_REQUEST or DOCKLINE_ENGINE, depending
 * on the engine's version, if the plugin is enabled, or if the setting does not exist or
 * cannot be changed; or another negative status.
 */
int dockline_plugin_set(const dockline_context *context,
                        const char *name,
                        const dockline_value *settings,
                        dockline_error **error);

/* ==== BuildKit sessions ==== */

/*
 * Connections for gRPC, for programs that bring their own gRPC library.
 */

/**
 * Opens a session through which BuildKit calls back.
 *
 * POST /session. Since API 1.31, before API 1.39 only as an experimental feature; deprecated
 * since API 1.53. BuildKit requests files, secrets and credentials of a build through the
 * session. The engine is the client, and the program is the server. The protocol is gRPC over
 * HTTP/2. This library transports the bytes and does not implement it.
 *
 * options: NULL, or an object with any of these members.
 *   "X-Docker-Expose-Session-Uuid"         string  ID of the session, for the session option of
 *                                                  builds. It must be unique. Required.
 *   "X-Docker-Expose-Session-Name"         string  Descriptive name of the session.
 *   "X-Docker-Expose-Session-Sharedkey"    string  Key shared by sessions with the same files, so
 *                                                  that the engine reuses files of earlier
 *                                                  sessions.
 *   "X-Docker-Expose-Session-Grpc-Method"  array   gRPC methods that the client serves, such as
 *                                                  /moby.filesync.v1.FileSync/DiffCopy.
 * output: receives the bytes from the engine; free it with dockline_download_free().
 * input: receives the direction to the engine; free it with dockline_input_free(). One thread
 * may write it while another thread reads output. The connection closes when both are freed.
 *
 * Returns DOCKLINE_OK; DOCKLINE_ENGINE or DOCKLINE_BAD_REQUEST, depending on the engine's
 * version, if the session ID is in use; or another negative status.
 */
int dockline_session_open(const dockline_context *context,
                          const dockline_value *options,
                          dockline_download **output,
                          dockline_input **input,
                          dockline_error **error);

/**
 * Opens a connection to the engine's BuildKit.
 *
 * POST /grpc. The Engine API does not define it: engines support it since about API 1.39, and
 * deprecate it since API 1.53. The program is the client, and the engine is the server.
 *
 * output: receives the bytes from the engine; free it with dockline_download_free().
 * input: receives the direction to the engine, as for dockline_session_open(); free it with
 * dockline_input_free().
 *
 * Returns DOCKLINE_OK; or a negative status.
 */
int dockline_session_grpc(const dockline_context *context,
                          dockline_download **output,
                          dockline_input **input,
                          dockline_error **error);

/* ==== Raw requests ==== */

/*
 * Requests that have no function here, such as those of newer engines.
 */

/**
 * Sends any request and reads its whole response.
 *
 * The request is sent like all others: with version prefix, timeouts, cancellation and result
 * callback. An error status is a failure.
 *
 * request: an object with "path" (string: without version prefix and query, such as
 * "/containers/json"; required), "method" (string: GET by default), "query" (object:
 * parameters with a string, number, boolean or an array of them as value, not escaped),
 * "headers" (object: additional headers, with the same types of values), "content_type"
 * (string: application/json by default) and "unversioned" (boolean: without version prefix,
 * which selects the engine's newest API version).
 * body: the request body; NULL for none.
 * body_length: its length in bytes; 0 for none.
 * response: receives the response; free it with dockline_response_free().
 *
 * Returns DOCKLINE_OK if the HTTP status is 2xx or 304; or a negative status.
 */
int dockline_raw(const dockline_context *context,
                 const dockline_value *request,
                 const void *body,
                 size_t body_length,
                 dockline_response **response,
                 dockline_error **error);

/**
 * Sends any request and streams its response.
 *
 * request: as for dockline_raw(); "content_type" defaults to application/x-tar.
 * upload: the source of the request body, which is streamed; NULL for none.
 * download: receives the response body; free it with dockline_download_free().
 *
 * Returns DOCKLINE_OK if the HTTP status is 2xx, 304 or 101; or a negative status.
 */
int dockline_raw_stream(const dockline_context *context,
                        const dockline_value *request,
                        dockline_source *upload,
                        dockline_download **download,
                        dockline_error **error);

/**
 * Returns the HTTP status of a response.
 *
 * response: may be NULL.
 *
 * Returns 0 if response is NULL.
 */
int dockline_response_status(const dockline_response *response);

/**
 * Returns a header of a response.
 *
 * response: may be NULL.
 * name: the name of the header, in any case.
 *
 * Returns the value, which belongs to the response; NULL if the header does not exist or is
 * not text, or if response is NULL.
 */
const char *dockline_response_header(const dockline_response *response, const char *name);

/**
 * Returns the body of a response.
 *
 * response: may be NULL.
 * length: receives the length in bytes; may be NULL.
 *
 * Returns the body, which belongs to the response and is followed by a NUL that is not
 * counted; NULL if response is NULL.
 */
const void *dockline_response_body(const dockline_response *response, size_t *length);

/**
 * Frees a response.
 *
 * response: may be NULL.
 */
void dockline_response_free(dockline_response *response);

/* ==== Version of the library ==== */

/**
 * Returns the library's version as a string.
 *
 * DOCKLINE_VERSION is the version of the header that the program was compiled with.
 *
 * Returns a version such as "0.1.0"; it is static and must not be freed.
 */
const char *dockline_version(void);

/**
 * Returns the library's version as a number.
 *
 * Returns a number such as 1002003 for version 1.2.3, to be compared with
 * DOCKLINE_VERSION_NUMBER.
 */
int dockline_version_number(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* DOCKLINE_H */
